package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(100, 1_000, 1);

    @Test
    void shouldNotHoldBeforeAFailure() {
        assertThat(backoff.holds(0)).isFalse();
        assertThat(backoff.succeeded()).isFalse();
    }

    @Test
    void shouldDoubleTheDelayUpToItsBound() {
        final long[] bounds = {100, 200, 400, 800, 1_000, 1_000};
        long nowNanos = Long.MAX_VALUE - 500;
        for (final long bound : bounds) {
            backoff.failed(nowNanos);
            assertThat(backoff.holds(nowNanos + bound / 2 - 1)).isTrue();
            assertThat(backoff.holds(nowNanos + bound)).isFalse();
            nowNanos += bound;
        }
    }

    @Test
    void shouldSayWhichFailureIsTheFirstAndWhichSuccessARecovery() {
        assertThat(backoff.failed(0)).isTrue();
        assertThat(backoff.failed(0)).isFalse();
        assertThat(backoff.succeeded()).isTrue();
        assertThat(backoff.succeeded()).isFalse();
        assertThat(backoff.failed(0)).isTrue();
    }
}
