package io.millrace.storage.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, within a bound that only a failing test reaches. */
public final class Await {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Await() {}

    /**
     * Waits until the condition holds.
     *
     * @param what named in the error
     * @throws AssertionError if it does not hold in time
     */
    public static void until(final String what, final Callable<Boolean> condition) throws Exception {
        until(what, LIMIT, condition);
    }

    /** The same, for what takes its time even when all is well. */
    public static void until(final String what, final Duration limit, final Callable<Boolean> condition)
            throws Exception {
        final long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Waits until the call returns without an exception, and returns what it returned. */
    public static <T> T success(final String what, final Callable<T> call) throws Exception {
        final long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                return call.call();
            } catch (final Exception e) {
                if (System.nanoTime() - deadlineNanos >= 0) {
                    throw new AssertionError("not within " + LIMIT + ": " + what, e);
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }
}
