package io.millrace.bench.faults.stage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits with a condition and a limit. */
public final class Await {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Await() {}

    /** Waits until something is so. @throws StageException if it is not within the limit; the message says what. */
    public static void until(final String what, final long limitSeconds, final Condition condition) throws Exception {
        if (!within(limitSeconds * 1000, condition)) {
            throw new StageException("not within " + limitSeconds + " s: " + what);
        }
    }

    /** Waits at most that long; tells whether it came to be so. */
    public static boolean within(final long limitMillis, final Condition condition) throws Exception {
        final long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        while (!condition.holds()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** Lets time pass. */
    public static void millis(final long millis) {
        final long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = deadlineNanos - System.nanoTime(); left > 0; left = deadlineNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }
}
