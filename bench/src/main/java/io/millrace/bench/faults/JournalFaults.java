package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Audit;
import io.millrace.bench.faults.stage.Stage;
import io.millrace.storage.embedded.folder.DurableFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Damage to the journals of a dead server, and their loss. */
final class JournalFaults {
    private static final int PAGE_BYTES = 4096;
    /** Of the first page, how much the checksum covers. */
    private static final int HEADER_BYTES = 176;

    private static final int HEADER_ONCE_IN = 5;

    private JournalFaults() {}

    private static List<Path> journals(final Stage stage) throws IOException {
        try (Stream<Path> files = Files.list(stage.dataDir().resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .sorted()
                    .toList();
        }
    }

    /** Something that is done to the file of a journal. */
    @FunctionalInterface
    interface Damage {
        void to(RandomAccessFile file, SplittableRandom random) throws IOException;
    }

    /** A bit between head and tail is another. */
    static void flipBit(final RandomAccessFile file, final SplittableRandom random) throws IOException {
        flip(file, live(file, random), random);
    }

    /** A bit of what the checksum of the header covers is another. */
    static void flipHeaderBit(final RandomAccessFile file, final SplittableRandom random) throws IOException {
        flip(file, random.nextInt(HEADER_BYTES), random);
    }

    private static void flip(final RandomAccessFile file, final long at, final SplittableRandom random)
            throws IOException {
        file.seek(at);
        final int value = file.read();
        file.seek(at);
        file.write(value ^ (1 << random.nextInt(8)));
    }

    /** A page is zero. */
    static void zeroPage(final RandomAccessFile file, final SplittableRandom random) throws IOException {
        file.seek(pageOf(held(file, random)));
        file.write(new byte[PAGE_BYTES]);
    }

    /** The end is missing. */
    static void truncate(final RandomAccessFile file, final SplittableRandom random) throws IOException {
        file.setLength(random.nextLong(file.length()));
    }

    /** Two pages have changed places. */
    static void swapPages(final RandomAccessFile file, final SplittableRandom random) throws IOException {
        final long one = pageOf(held(file, random));
        final long other = pageOf(used(file, random));
        final byte[] first = page(file, one);
        final byte[] second = page(file, other);
        file.seek(one);
        file.write(second);
        file.seek(other);
        file.write(first);
    }

    private static byte[] page(final RandomAccessFile file, final long at) throws IOException {
        final byte[] bytes = new byte[PAGE_BYTES];
        file.seek(at);
        file.readFully(bytes);
        return bytes;
    }

    private static long pageOf(final long offset) {
        return offset / PAGE_BYTES * PAGE_BYTES;
    }

    /** The offset of a byte that the journal still needs: of its header, or between head and tail. */
    private static long held(final RandomAccessFile file, final SplittableRandom random) throws IOException {
        return random.nextInt(HEADER_ONCE_IN) == 0 ? random.nextInt(HEADER_BYTES) : live(file, random);
    }

    /** The offset of a byte between head and tail; where they are, if there is none. */
    private static long live(final RandomAccessFile file, final SplittableRandom random) throws IOException {
        // A power of two; the trailer behind it is smaller.
        final long capacity = Long.highestOneBit(file.length() - PAGE_BYTES);
        final long head = number(file, PAGE_BYTES + capacity + RingBufferDescriptor.HEAD_POSITION_OFFSET);
        final long tail = number(file, PAGE_BYTES + capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET);
        return PAGE_BYTES + random.nextLong(head, Math.max(tail, head + 1)) % capacity;
    }

    private static long number(final RandomAccessFile file, final long offset) throws IOException {
        file.seek(offset);
        return Long.reverseBytes(file.readLong());
    }

    /** An offset in the part of the file that has been written: the rest of a young journal is zero. */
    private static long used(final RandomAccessFile file, final SplittableRandom random) throws IOException {
        long end = PAGE_BYTES;
        for (final byte[] zero = new byte[PAGE_BYTES]; end + PAGE_BYTES < file.length(); end += PAGE_BYTES) {
            if (Arrays.equals(page(file, end), zero)) {
                break;
            }
        }
        return random.nextLong(Math.max(PAGE_BYTES + 1L, end));
    }

    /** The server is killed and one of its journals damaged; it has to start, and to say what is missing. */
    static Fault damage(final Damage damage) {
        return stage -> {
            stage.pause(0, 1000);
            stage.server().kill();
            final List<Path> journals = journals(stage);
            final Path journal = journals.get(stage.random().nextInt(journals.size()));
            try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
                damage.to(file, stage.random());
            }
            ServerFaults.startAgain(stage);
            // The server has noticed.
            final String words = stage.server().output();
            return words.contains("damaged in") || words.contains("cannot be read");
        };
    }

    /** The server dies with its journals; what it had answered at the level stream must be in Redis. */
    static boolean lose(final Stage stage) throws Exception {
        stage.pause(0, 1000);
        stage.server().kill();
        // What was answered and is not in PostgreSQL yet can only come from Redis.
        final long owed = Audit.missing(stage.traffic().ledger().accepted(), stage.postgres());
        DurableFiles.delete(stage.dataDir());
        stage.server().start();
        stage.awaitServing();
        return owed > 0;
    }

    /** Started with another number or size of journals, and again as before: none of the old ones is forgotten. */
    static Fault otherwise(final String option) {
        return stage -> {
            stage.pause(0, 1000);
            stage.server().kill();
            final long stored = stage.postgres().lastEvents();
            stage.server().begin(option);
            stage.server().awaitUp();
            stage.awaitServing();
            stage.pause(0, 1500);
            stage.server().kill();
            ServerFaults.startAgain(stage);
            return stage.server().admin().ledger("accepted") > stored;
        };
    }
}
