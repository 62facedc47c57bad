package io.millrace.pipeline.journal;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.BitUtil;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The mapped file of one journal: the header page, then the ring.
 *
 * <p>Every byte of the file is written before it is mapped, so that a disk without room refuses at the start; a sparse
 * file would fault in the middle of a claim.
 */
final class JournalFile implements AutoCloseable {
    /** Behind the name of a file that is not whole yet. */
    static final String UNFINISHED_SUFFIX = ".new";

    private static final int PAGE_BYTES = 4096;
    /**
     * Not more at a time: the page cache keeps what comes in one write in as large a piece as that write, and when the disk has
     * a page and it is touched again the kernel goes over the whole piece (docs/decisions/0023-page-faults.md).
     */
    private static final int PREALLOCATION_BYTES = 1 << 16;

    private static final int MAX_KEPT = 1_000;

    private final Path path;
    private final MappedByteBuffer mapped;
    private final JournalHeader header;
    private final UnsafeBuffer ring;
    private final ByteBuffer ringBytes;

    private JournalFile(final Path path, final MappedByteBuffer mapped, final JournalHeader header) {
        this.path = path;
        this.mapped = mapped;
        this.header = header;
        final int ringLength = header.capacity() + RingBufferDescriptor.TRAILER_LENGTH;
        ring = new UnsafeBuffer(mapped, JournalHeader.LENGTH, ringLength);
        ringBytes = mapped.slice(JournalHeader.LENGTH, ringLength);
    }

    /**
     * Makes the file of a new journal, under a name that only a whole file gets.
     *
     * @param initialize writes the header
     * @throws IOException if the disk has no room for it, or the file exists
     */
    static JournalFile create(final Path path, final int capacity, final HeaderWriter initialize) throws IOException {
        final Path unfinished = path.resolveSibling(path.getFileName() + UNFINISHED_SUFFIX);
        Files.deleteIfExists(unfinished);
        try (FileChannel channel = FileChannel.open(unfinished, CREATE_NEW, READ, WRITE)) {
            preallocate(channel, fileLength(capacity));
            final UnsafeBuffer page = new UnsafeBuffer(ByteBuffer.allocateDirect(JournalHeader.LENGTH));
            initialize.write(new JournalHeader(page));
            channel.write(page.byteBuffer(), 0);
            channel.force(true);
        } catch (final IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        Files.move(unfinished, path);
        DurableNames.force(path);
        return open(path);
    }

    /**
     * Maps an existing file.
     *
     * @throws UnreadableJournalException if it is no journal, of another version, or cut short
     */
    static JournalFile open(final Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, READ, WRITE)) {
            final long length = channel.size();
            if (length < JournalHeader.LENGTH || length > Integer.MAX_VALUE) {
                throw new UnreadableJournalException("it has " + length + " bytes");
            }
            final MappedByteBuffer mapped = channel.map(MapMode.READ_WRITE, 0, length);
            try {
                final JournalHeader header = new JournalHeader(new UnsafeBuffer(mapped, 0, JournalHeader.LENGTH));
                header.verify(length);
                return new JournalFile(path, mapped, header);
            } catch (final UnreadableJournalException e) {
                IoUtil.unmap(mapped);
                throw e;
            }
        }
    }

    /** The length of a file whose ring has {@code capacity} bytes. */
    static long fileLength(final int capacity) {
        return JournalHeader.LENGTH
                + capacity
                + BitUtil.align((long) RingBufferDescriptor.TRAILER_LENGTH, (long) PAGE_BYTES);
    }

    Path path() {
        return path;
    }

    JournalHeader header() {
        return header;
    }

    /** The ring with its trailer. */
    UnsafeBuffer ring() {
        return ring;
    }

    /** A new checksum over the ring's records. */
    RecordChecksum checksum() {
        return new RecordChecksum(ringBytes, header.journalId());
    }

    /** Copies the file as it is now, beside itself. A disk without room is no reason not to recover what can be. */
    KeptCopy keepCopy() {
        try {
            final Path copy = unusedName(path, "damaged");
            Files.copy(path, copy);
            return new KeptCopy(copy, null);
        } catch (final IOException e) {
            return new KeptCopy(null, e.toString());
        }
    }

    /** A name beside a journal's under which something of it can be kept. */
    static Path unusedName(final Path journal, final String what) throws IOException {
        for (int i = 0; i < MAX_KEPT; i++) {
            final Path name = journal.resolveSibling(journal.getFileName() + "." + what + '-' + i);
            if (!Files.exists(name)) {
                return name;
            }
        }
        throw new FileAlreadyExistsException(
                journal + "." + what + "-0 to " + (MAX_KEPT - 1) + ": look at these, and remove them");
    }

    /**
     * Returns when a part of the ring is on disk.
     *
     * @throws java.io.UncheckedIOException if it could not be written
     */
    void force(final int offset, final int length) {
        mapped.force(JournalHeader.LENGTH + offset, length);
    }

    /** Takes the file out of memory. Nobody may touch the ring any more. */
    @Override
    public void close() {
        IoUtil.unmap(mapped);
    }

    private static void preallocate(final FileChannel channel, final long length) throws IOException {
        final ByteBuffer zeros = ByteBuffer.allocateDirect(PREALLOCATION_BYTES);
        for (long position = 0; position < length; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), length - position));
            position += channel.write(zeros, position);
        }
    }

    /** Fills in the header of a new file. */
    @FunctionalInterface
    interface HeaderWriter {
        void write(JournalHeader header);
    }
}
