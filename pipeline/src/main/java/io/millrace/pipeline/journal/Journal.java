package io.millrace.pipeline.journal;

import io.millrace.pipeline.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * One journal: a ring of records over a mapped file, recovered and ready to be written and read.
 *
 * <p>Opening and closing belong to the thread that wires the server; the {@linkplain #writer() writer} to the event loop;
 * the {@linkplain #reader() reader} to the shipper; the {@linkplain #forcer() forcer} has a thread of its own.
 */
public final class Journal implements AutoCloseable {
    /** The smallest ring, in bytes. */
    public static final int MIN_CAPACITY_BYTES = 1 << 16;

    /** The largest ring, in bytes: a mapping ends below 2 GiB. */
    public static final int MAX_CAPACITY_BYTES = 1 << 30;

    private final JournalFile file;
    private final String stream;
    private final JournalRecovery.Result recovery;
    private final OneToOneRingBuffer ring;
    private final Progress progress = new Progress();
    private final boolean afterPowerLoss;
    private final JournalWriter writer;
    private final JournalReader reader;
    private boolean closed;

    private Journal(final JournalFile file, final UUID bootId) throws UnreadableJournalException {
        this.file = file;
        stream = file.header().stream();
        afterPowerLoss = !file.header().bootId().equals(bootId);
        recovery = afterPowerLoss ? PowerLossRecovery.recover(file) : JournalRecovery.recover(file);
        ring = new OneToOneRingBuffer(file.ring());
        progress.accepted(recovery.lastSequence());
        writer = new JournalWriter(ring, file.checksum(), file.header(), progress, recovery.lastSequence());
        reader = new JournalReader(ring, file.header());
    }

    /**
     * Makes a new journal and preallocates its file.
     *
     * @param capacityBytes of the ring, a power of two
     * @param stream the stream that its events go to
     * @param bootId of this boot of the machine
     * @param generation the first time part of its entry IDs
     * @throws IOException if the file exists, or the disk has no room for it
     */
    public static Journal create(
            final Path path, final int capacityBytes, final String stream, final UUID bootId, final long generation)
            throws IOException {
        final long journalId = ThreadLocalRandom.current().nextLong();
        return recovered(
                JournalFile.create(
                        path,
                        capacityBytes,
                        header -> header.write(capacityBytes, journalId, bootId, stream, generation)),
                bootId);
    }

    /**
     * Opens a journal of this boot of the machine and recovers it: what its process wrote is there, however it ended.
     *
     * @throws UnreadableJournalException if it is none, of another version, or damaged beyond a walk through it
     */
    public static Journal open(final Path path) throws IOException {
        final JournalFile file = JournalFile.open(path);
        return recovered(file, file.header().bootId());
    }

    /**
     * Opens a journal and recovers it. One of another boot is searched for what a loss of power may have left of it.
     *
     * @param bootId of this boot of the machine
     * @throws UnreadableJournalException if it is none, of another version, or damaged beyond a walk through it
     */
    public static Journal open(final Path path, final UUID bootId) throws IOException {
        return recovered(JournalFile.open(path), bootId);
    }

    private static Journal recovered(final JournalFile file, final UUID bootId) throws UnreadableJournalException {
        try {
            return new Journal(file, bootId);
        } catch (final UnreadableJournalException e) {
            file.close();
            throw e;
        }
    }

    /** The most bytes of events that one claim in a ring of {@code capacityBytes} can hold. */
    public static int maxClaimBytes(final int capacityBytes) {
        return capacityBytes / 8 - RecordLayout.HEADER_LENGTH;
    }

    /** The stream that its events go to. Any thread, and also when the journal is closed. */
    public String stream() {
        return stream;
    }

    /** Drawn when it was made: no other journal has it, but copies of this one. */
    public long id() {
        return file.header().journalId();
    }

    /** The boot of the machine under which it was made. */
    public UUID bootId() {
        return file.header().bootId();
    }

    /**
     * Whether its last events may be missing: a loss of power took what the disk did not have yet, or something in it is
     * damaged. Only then may its stream hold more than it does.
     */
    public boolean mayLackItsEnd() {
        return afterPowerLoss || !recovery.intact();
    }

    /**
     * Takes no more events, or takes them again: they would bear sequences that others have already. Any thread.
     *
     * @param barred whether none is taken
     */
    public void bar(final boolean barred) {
        writer.bar(barred);
    }

    /** Whether every record passed its check; if not, the journal is to be drained and not written. */
    public boolean intact() {
        return recovery.intact();
    }

    /** How many events it held when it was opened. */
    public long recoveredEvents() {
        return recovery.recoveredEvents();
    }

    /** How often something in it failed its check when it was opened. */
    public int damages() {
        return recovery.damages();
    }

    /** What failed its check when it was opened, as far as it is records. */
    public List<DamagedRecord> damaged() {
        return recovery.damaged();
    }

    /** What became of the copy that is kept of a damaged file, to be put behind a message; empty if none was needed. */
    String describeCopy() {
        return recovery.copy().equals(KeptCopy.NONE) ? "" : "; " + recovery.copy();
    }

    public Path path() {
        return file.path();
    }

    public JournalWriter writer() {
        return writer;
    }

    public JournalReader reader() {
        return reader;
    }

    /** A new agent that forces it to disk; at most one may run. */
    public JournalForcer forcer() {
        return forcer(file::force);
    }

    JournalForcer forcer(final JournalForcer.RingMemory memory) {
        return new JournalForcer(stream, ring, progress, memory);
    }

    /** How far its events have got. Any thread, and also when the journal is closed. */
    public Progress progress() {
        return progress;
    }

    /** Bytes held by records that are not freed; 0 when the journal is closed. Any thread. */
    public synchronized long usedBytes() {
        // To touch the ring once the file is unmapped would end the process.
        return closed ? 0 : reader.usedBytes();
    }

    /** Bytes of the ring; 0 when the journal is closed. Any thread. */
    public synchronized int capacityBytes() {
        return closed ? 0 : reader.capacityBytes();
    }

    /** Takes the file out of memory. The writer and the reader may not be used any more. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            file.close();
        }
    }

    /** A new estimate of how long a client should wait when the journal is full; for one thread, the event loop. */
    public RetryAfter retryAfter(final NanoClock clock) {
        return new RetryAfter(ring, clock);
    }

    /** Removes the file. What is mapped of it stays until the journal is closed. */
    public void removeFile() throws IOException {
        Files.delete(file.path());
    }
}
