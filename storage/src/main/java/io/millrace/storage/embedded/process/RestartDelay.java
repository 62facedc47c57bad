package io.millrace.storage.embedded.process;

import java.time.Duration;

/**
 * How long to wait before a child that died is started again: twice as long after each death, up to a bound, and from the
 * beginning after a life of some length. Not thread-safe.
 */
final class RestartDelay {
    static final Duration MIN = Duration.ofMillis(100);
    static final Duration MAX = Duration.ofSeconds(10);
    /** Longer than the longest delay: a server that dies at once each time never begins anew. */
    static final Duration LONG_LIFE = Duration.ofSeconds(20);

    private Duration next = MIN;

    /** The delay after a death. */
    Duration afterLifeOf(final Duration life) {
        if (life.compareTo(LONG_LIFE) > 0) {
            next = MIN;
        }
        final Duration delay = next;
        next = MAX.compareTo(delay.multipliedBy(2)) < 0 ? MAX : delay.multipliedBy(2);
        return delay;
    }
}
