package io.millrace.pipeline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Progress;
import io.millrace.pipeline.testing.TestEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalForcerTest {
    private static final int CAPACITY = 1 << 16;

    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY + RingBufferDescriptor.TRAILER_LENGTH)));
    private final Progress progress = new Progress();
    private final List<String> forced = new ArrayList<>();
    private JournalForcer.RingMemory disk = (offset, length) -> forced.add(offset + "+" + length);
    private final JournalForcer forcer =
            new JournalForcer("s", ring, progress, (offset, length) -> disk.force(offset, length));
    private long sequence;

    @Test
    void shouldForceNothingThatNobodyWaitsFor() {
        put(100);
        assertThat(forcer.doWork()).isZero();
        assertThat(forced).isEmpty();
        assertThat(progress.forced()).isZero();
    }

    @Test
    void shouldForceAllThatIsCommittedInOneGoAndNotAgain() {
        put(100);
        put(100);
        progress.want(AckLevel.DISK, 1);
        assertThat(forcer.doWork()).isEqualTo(1);
        assertThat(forced).containsExactly("0+224");
        assertThat(progress.forced()).isEqualTo(2);
        assertThat(forcer.doWork()).isZero();
        assertThat(forcer.counters().get(ForceCounter.FORCES)).isEqualTo(1);
        assertThat(forcer.counters().get(ForceCounter.FORCED_EVENTS)).isEqualTo(2);
    }

    @Test
    void shouldPromiseOnlyWhatWasCommittedBeforeItBegan() {
        put(100);
        progress.want(AckLevel.DISK, 1);
        disk = (offset, length) -> put(100);
        forcer.doWork();
        assertThat(progress.accepted()).isEqualTo(2);
        assertThat(progress.forced()).isEqualTo(1);
    }

    @Test
    void shouldPromiseNothingBeforeTheDiskHasIt() {
        put(100);
        progress.want(AckLevel.DISK, 1);
        disk = (offset, length) -> assertThat(progress.forced()).isZero();
        forcer.doWork();
        assertThat(progress.forced()).isEqualTo(1);
    }

    @Test
    void shouldForceBothEndsOfARingThatWraps() {
        for (int i = 0; i < 8; i++) {
            put(8_000);
        }
        freeAll();
        put(8_000);
        put(8_000);
        progress.want(AckLevel.DISK, sequence);
        forcer.doWork();
        // The padding before the end, then what stands at the beginning.
        final int used = 8 * 8_008;
        assertThat(forced).containsExactly(used + "+" + (CAPACITY - used), "0+16016");
    }

    @Test
    void shouldForceTheWholeRingOnceWhenItIsFull() {
        for (int i = 0; i < 4; i++) {
            put(8_000);
        }
        freeAll();
        while (ring.tryClaim(1, 8_000) > 0) {
            // Until it is full.
        }
        progress.accepted(++sequence);
        progress.want(AckLevel.DISK, sequence);
        forcer.doWork();
        final int from = 4 * 8_008;
        assertThat(forced).hasSize(2).first().isEqualTo(from + "+" + (CAPACITY - from));
        final int length = Integer.parseInt(forced.get(1).substring(2));
        assertThat(length).isLessThanOrEqualTo(from);
    }

    @Test
    void shouldNeverPromiseAgainAfterAFailure() {
        put(100);
        progress.want(AckLevel.DISK, 1);
        disk = (offset, length) -> {
            throw new UncheckedIOException(new IOException("Input/output error"));
        };
        assertThat(forcer.doWork()).isZero();
        disk = (offset, length) -> {};
        put(100);
        progress.want(AckLevel.DISK, 2);
        assertThat(forcer.doWork()).isZero();
        assertThat(progress.forced()).isZero();
        assertThat(forcer.counters().get(ForceCounter.FORCE_FAILURES)).isEqualTo(1);
    }

    @Test
    void shouldForceARealJournal(@TempDir final Path folder) throws IOException {
        try (Journal journal = Journal.create(folder.resolve("j"), CAPACITY, "s", UUID.randomUUID(), 1)) {
            final JournalForcer real = journal.forcer();
            for (int i = 1; i <= 3_000; i++) {
                TestEvent.commit(journal.writer(), List.of(new TestEvent(i, "user" + i, "a", "e")));
                if (i % 100 == 0) {
                    journal.progress().want(AckLevel.DISK, i);
                    assertThat(real.doWork()).isEqualTo(1);
                    assertThat(journal.progress().forced()).isEqualTo(i);
                    journal.reader().free(i - 50);
                }
            }
        }
    }

    private void put(final int bytes) {
        final int index = ring.tryClaim(1, bytes);
        assertThat(index).isPositive();
        ring.commit(index);
        progress.accepted(++sequence);
    }

    private void freeAll() {
        ring.read((type, buffer, index, length) -> {});
    }
}
