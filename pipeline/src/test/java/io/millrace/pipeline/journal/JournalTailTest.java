package io.millrace.pipeline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.testing.TestEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.agrona.BitUtil;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zeros where the last records of a journal were are told from a claim that was never committed: faults F03 and F24. */
class JournalTailTest {
    private static final int CAPACITY = Journal.MIN_CAPACITY_BYTES;
    private static final int PAGE_BYTES = 4096;
    private static final int COMMITTED_OFFSET = 384;
    /** More than one turn of the ring: where the tail is, older records have been. */
    private static final int LAST_RECORD = 110;

    private static final int FREED_RECORDS = 90;
    private static final int EVENTS_IN_RECORD = 3;
    private static final long LAST_EVENT = (long) LAST_RECORD * EVENTS_IN_RECORD;

    @TempDir
    private Path folder;

    private Path path;
    private byte[] whole;
    /** Where in the file the records that were not freed begin, and the last of them ends. */
    private final List<Integer> bounds = new ArrayList<>();

    @BeforeEach
    void fill() throws IOException {
        path = folder.resolve("n-0.journal");
        try (Journal journal = Journal.create(path, CAPACITY, "s", UUID.randomUUID(), 1)) {
            for (int record = 1; record <= LAST_RECORD; record++) {
                journal.reader().free((long) Math.min(record - 1, FREED_RECORDS) * EVENTS_IN_RECORD);
                commit(journal, record);
            }
        }
        whole = Files.readAllBytes(path);
        final ByteBuffer file = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        final int trailer = JournalHeader.LENGTH + CAPACITY;
        final long tail = file.getLong(trailer + RingBufferDescriptor.TAIL_POSITION_OFFSET);
        for (long at = file.getLong(trailer + RingBufferDescriptor.HEAD_POSITION_OFFSET); at < tail; ) {
            bounds.add(inFile(at));
            at += BitUtil.align(file.getInt(inFile(at)), RecordDescriptor.ALIGNMENT);
        }
        bounds.add(inFile(tail));
        assertThat(bounds).as("one piece, in the second turn").isSorted().hasSize(LAST_RECORD - FREED_RECORDS + 1);
        assertThat(tail).isGreaterThan(CAPACITY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, LAST_RECORD - FREED_RECORDS})
    void shouldMissTheLastRecordsWhenTheyAreZero(final int records) throws IOException {
        zero(beginOfLast(records), end());

        shouldKnowThatTheLastAreMissing(records);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void shouldMissTheLastRecordsWhenZeroGoesOnBehindThem(final int records) throws IOException {
        zero(beginOfLast(records), end() + PAGE_BYTES);

        shouldKnowThatTheLastAreMissing(records);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldMissWhatStoodOnTheLastPages(final int pages) throws IOException {
        final int from = (end() - 1) / PAGE_BYTES * PAGE_BYTES - (pages - 1) * PAGE_BYTES;
        zero(from, from + pages * PAGE_BYTES);

        shouldKnowThatTheLastAreMissing((int)
                bounds.stream().skip(1).filter(recordEnd -> recordEnd > from).count());
    }

    @Test
    void shouldMissALastRecordWhoseLengthHasAnotherSign() throws IOException {
        whole[beginOfLast(1) + Integer.BYTES - 1] ^= (byte) 0x80;
        Files.write(path, whole);

        shouldKnowThatTheLastAreMissing(1);
    }

    @Test
    void shouldNotMissAClaimThatWasNeverCommitted() throws IOException {
        claim();

        shouldFindAll();
    }

    @Test
    void shouldNotMissAClaimWhoseLengthWasNotWrittenYet() throws IOException {
        claim();
        whole = Files.readAllBytes(path);
        zero(end(), end() + RecordDescriptor.HEADER_LENGTH);

        shouldFindAll();
    }

    @Test
    void shouldNotMissAClaimThatIsZero() throws IOException {
        claim();
        whole = Files.readAllBytes(path);
        zero(end(), end() + PAGE_BYTES);

        shouldFindAll();
    }

    @Test
    void shouldMissRecordsBeforeAClaimThatWasNeverCommitted() throws IOException {
        claim();
        whole = Files.readAllBytes(path);
        zero(beginOfLast(2), end() + PAGE_BYTES);

        shouldKnowThatTheLastAreMissing(2);
    }

    /** A death right after the commit of the last record, before it was noted which that is. */
    @Test
    void shouldNotMissWhatIsThereAndWasNotNoted() throws IOException {
        note(LAST_EVENT - EVENTS_IN_RECORD, ~(LAST_EVENT - EVENTS_IN_RECORD));

        shouldFindAll();
    }

    /** A death between the two steps of noting it. */
    @Test
    void shouldNotMissWhatIsThereAndWasHalfNoted() throws IOException {
        note(LAST_EVENT, ~(LAST_EVENT - EVENTS_IN_RECORD));

        shouldFindAll();
    }

    private void claim() throws IOException {
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.writer().tryClaim(1_000)).isPositive();
        }
    }

    private void shouldFindAll() throws IOException {
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.intact()).isTrue();
            assertThat(journal.describeCopy()).isEmpty();
            assertThat(lastRecordFound(journal)).isEqualTo(LAST_RECORD);
            assertThat(commit(journal, LAST_RECORD + 1)).isEqualTo(LAST_EVENT + EVENTS_IN_RECORD);
            assertThat(lastRecordFound(journal)).isEqualTo(LAST_RECORD + 1);
        }
    }

    /** The first time, and when it is opened again. */
    private void shouldKnowThatTheLastAreMissing(final int records) throws IOException {
        final byte[] found = Files.readAllBytes(path);
        for (int start = 0; start < 2; start++) {
            try (Journal journal = Journal.open(path)) {
                assertThat(journal.intact()).isFalse();
                assertThat(journal.progress().accepted()).isEqualTo(LAST_EVENT);
                assertThat(journal.recoveredEvents())
                        .isEqualTo((long) (LAST_RECORD - FREED_RECORDS - records) * EVENTS_IN_RECORD);
                assertThat(journal.damaged()).isNotEmpty();
                assertThat(lastRecordFound(journal))
                        .isEqualTo(records < LAST_RECORD - FREED_RECORDS ? LAST_RECORD - records : 0);
            }
        }
        assertThat(Path.of(path + ".damaged-0")).hasBinaryContent(found);
        assertThat(Path.of(path + ".damaged-1")).doesNotExist();
    }

    private static int lastRecordFound(final Journal journal) {
        final long[] last = new long[1];
        journal.reader().seek(0);
        journal.reader().peek((firstSequence, count, buffer, offset, length) -> {
            last[0] = firstSequence + count - 1;
            return true;
        });
        return (int) (last[0] / EVENTS_IN_RECORD);
    }

    private static long commit(final Journal journal, final int record) {
        // The lengths differ, so that records begin and end anywhere.
        final TestEvent event = new TestEvent(record, "user" + record, "click", "e".repeat(200 + record % 56));
        return TestEvent.commit(journal.writer(), List.of(event, event, event));
    }

    private int beginOfLast(final int records) {
        return bounds.get(bounds.size() - 1 - records);
    }

    private int end() {
        return bounds.get(bounds.size() - 1);
    }

    private static int inFile(final long position) {
        return JournalHeader.LENGTH + (int) position % CAPACITY;
    }

    private void zero(final int from, final int to) throws IOException {
        Arrays.fill(whole, from, to, (byte) 0);
        Files.write(path, whole);
    }

    private void note(final long committed, final long complement) throws IOException {
        ByteBuffer.wrap(whole)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(COMMITTED_OFFSET, committed)
                .putLong(COMMITTED_OFFSET + Long.BYTES, complement);
        Files.write(path, whole);
    }
}
