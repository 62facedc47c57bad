package io.millrace.pipeline.journal;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.testing.TestEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One life of a journal that ends with the machine's power. Beside the file there is what the disk has of it: the pages that
 * were forced, others that the kernel wrote whenever it liked, and of the last of these perhaps some sectors only.
 */
final class LostPower implements AutoCloseable {
    static final UUID BOOT = new UUID(1, 1);
    static final UUID NEXT_BOOT = new UUID(2, 2);

    private static final int CAPACITY = Journal.MIN_CAPACITY_BYTES;
    private static final int PAGE_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;

    private final SplittableRandom random;
    private final Path folder;
    private final Journals journals;
    private final Journal journal;
    private final FileChannel file;
    private final byte[] disk;
    private final JournalForcer forcer;
    private final List<TestEvent> events = new ArrayList<>();
    private final boolean forgetful;
    private boolean forcing;

    /** The last event that an answer of level disk was given for. */
    long answered;
    /** The last event that the window store has. */
    long stored;

    /**
     * Begins a life.
     *
     * @param forgetful whether the disk forgets the last page of each force: a bug for the test to find
     */
    LostPower(final Path folder, final long seed, final boolean forgetful) throws IOException {
        random = new SplittableRandom(seed);
        this.folder = folder;
        this.forgetful = forgetful;
        journals = open(folder, BOOT);
        journal = journals.live().get(0);
        file = FileChannel.open(journal.path(), StandardOpenOption.READ);
        disk = Files.readAllBytes(journal.path());
        forcer = journal.forcer(this::force);
    }

    static Journals open(final Path folder, final UUID bootId) throws IOException {
        return Journals.open(folder.resolve("journal"), folder.resolve("node"), null, 1, CAPACITY, bootId, 1);
    }

    String stream() {
        return journal.stream();
    }

    long accepted() {
        return journal.progress().accepted();
    }

    /** Lives until the power goes. */
    void live() {
        final int steps = 20 + random.nextInt(400);
        final boolean oftenForced = random.nextBoolean();
        for (int i = 0; i < steps; i++) {
            step(oftenForced);
        }
        if (random.nextInt(4) == 0) {
            journal.writer().tryClaim(1 + random.nextInt(5_000));
            writeBackPages(random.nextInt(4));
        }
        tearSectors();
    }

    private void step(final boolean oftenForced) {
        switch (random.nextInt(oftenForced ? 8 : 40)) {
            case 0 -> answerAtDisk();
            case 1 -> {
                stored += random.nextLong(accepted() - stored + 1);
                journal.reader().free(stored);
            }
            case 2 -> {
                if (journal.writer().tryClaim(1 + random.nextInt(5_000)) != JournalWriter.FULL) {
                    journal.writer().abort();
                }
            }
            case 3 -> writeBackPages(1 + random.nextInt(10));
            default -> commit();
        }
    }

    private void commit() {
        final List<TestEvent> record = new ArrayList<>();
        // Often all of one size, so that the records of two laps stand in the same places.
        final int count = random.nextInt(3) == 0 ? 1 + random.nextInt(30) : 1;
        for (int i = 0; i < count; i++) {
            final long sequence = events.size() + record.size() + 1L;
            final int padding = random.nextInt(10) == 0 ? random.nextInt(200) : 0;
            record.add(new TestEvent(sequence, String.format("user%08d", sequence), "a", "e" + "x".repeat(padding)));
        }
        if (TestEvent.commit(journal.writer(), record) != JournalWriter.FULL) {
            events.addAll(record);
        }
    }

    private void answerAtDisk() {
        journal.progress().want(AckLevel.DISK, accepted());
        forcing = true;
        forcer.doWork();
        forcing = false;
        answered = journal.progress().forced();
    }

    private void force(final int offset, final int length) {
        final int from = (JournalHeader.LENGTH + offset) / PAGE_BYTES;
        final int to = (JournalHeader.LENGTH + offset + length - 1) / PAGE_BYTES;
        for (int page = from; page <= (forgetful ? to - 1 : to); page++) {
            writeBack(page);
            if (forcing && random.nextInt(8) == 0) {
                // The event loop does not wait for the disk.
                commit();
            }
        }
    }

    private void writeBackPages(final int count) {
        for (int i = 0; i < count; i++) {
            writeBack(random.nextInt(disk.length / PAGE_BYTES));
        }
    }

    private void writeBack(final int page) {
        copy(page * PAGE_BYTES, PAGE_BYTES);
    }

    /** Some pages were on their way when the power went. */
    private void tearSectors() {
        for (int i = random.nextInt(20); i > 0; i--) {
            copy(random.nextInt(disk.length / SECTOR_BYTES) * SECTOR_BYTES, SECTOR_BYTES);
        }
    }

    private void copy(final int offset, final int length) {
        try {
            file.read(ByteBuffer.wrap(disk, offset, length), offset);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a folder with what the disk has, as the next boot finds it. */
    Path afterwards() throws IOException {
        final Path next = Files.createDirectories(folder.resolveSibling(folder.getFileName() + "-next"));
        Files.createDirectories(next.resolve("journal"));
        Files.write(next.resolve("journal").resolve(journal.path().getFileName()), disk);
        Files.copy(folder.resolve("node"), next.resolve("node"));
        return next;
    }

    /** The events that a journal hands to its shipper, by their sequences. Each is what was written, or this throws. */
    NavigableMap<Long, TestEvent> found(final Journal drained) {
        final NavigableMap<Long, TestEvent> found = new TreeMap<>();
        drained.reader().seek(0);
        drained.reader().peek((firstSequence, count, buffer, offset, length) -> {
            final EventFlyweight event = new EventFlyweight();
            long sequence = firstSequence;
            for (int next = offset; next < offset + length; next += event.length()) {
                final TestEvent read = event.tryWrap(buffer, next, offset + length) ? TestEvent.of(event) : null;
                final TestEvent written = sequence > events.size() ? null : events.get((int) sequence - 1);
                if (read == null || !read.equals(written) || (!found.isEmpty() && sequence <= found.lastKey())) {
                    throw new AssertionError("event " + sequence + " is " + read + ", was written as " + written
                            + ", and came after " + found.keySet());
                }
                found.put(sequence++, TestEvent.of(event));
            }
            if (sequence != firstSequence + count) {
                throw new AssertionError("record " + firstSequence + " has not " + count + " events");
            }
            return true;
        });
        return found;
    }

    @Override
    public void close() throws IOException {
        file.close();
        journals.close();
    }
}
