package io.millrace.pipeline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.testing.TestEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryAfterTest {
    private static final int CAPACITY = Journal.MIN_CAPACITY_BYTES;

    @TempDir
    private Path folder;

    private Journal journal;
    private RetryAfter retryAfter;
    private long nowNanos = Long.MAX_VALUE - 1;

    @BeforeEach
    void fill() throws IOException {
        journal = Journal.create(folder.resolve("j"), CAPACITY, "s", UUID.randomUUID(), 1);
        retryAfter = journal.retryAfter(() -> nowNanos);
        while (commit() != JournalWriter.FULL) {
            assertThat(journal.intact()).isTrue();
        }
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void shouldBeOneSecondBeforeThereIsARate() {
        assertThat(retryAfter.getAsInt()).isEqualTo(1);
    }

    @Test
    void shouldBeTheTimeToFreeAnEighthAtTheRateOfLate() {
        retryAfter.getAsInt();
        // A hundredth of the ring a second: an eighth takes twelve seconds and a half.
        final long events = journal.progress().accepted();
        passSeconds(1);
        journal.reader().free(events / 100);
        final int first = retryAfter.getAsInt();

        assertThat(first).isBetween(11, 13);
    }

    @Test
    void shouldGrowWhileNothingIsFreed() {
        retryAfter.getAsInt();
        passSeconds(5);
        assertThat(retryAfter.getAsInt()).isEqualTo(5);
        passSeconds(20);
        assertThat(retryAfter.getAsInt()).isEqualTo(25);
        passSeconds(2_000);
        assertThat(retryAfter.getAsInt()).isEqualTo(60);
    }

    private void passSeconds(final long seconds) {
        nowNanos += TimeUnit.SECONDS.toNanos(seconds);
    }

    private long commit() {
        return TestEvent.commit(journal.writer(), List.of(new TestEvent(1, "u", "a", "e")));
    }
}
