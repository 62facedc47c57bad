package io.millrace.pipeline;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * How an agent waits for work without burning a core: it spins for a moment, then sleeps until somebody rings
 * or the longest nap is over. After work it may rest first, so that what comes meanwhile is done in one go.
 *
 * <ol>
 *   <li>{@link #idle} belongs to the agent's thread; {@link #ring} and {@link #wake} may be called by any.
 *   <li>Whoever makes work publishes it first and rings then. The fences on both sides order "work, then ring" against
 *       "about to sleep, then look again": a ring is never missed, at worst one nap is cut short for nothing.
 *   <li>Ringing costs a fence and a read while the agent is awake or rests, and a system call only when it sleeps.
 *   <li>A rest ends at its time or by {@link #wake}, which whoever cannot wait for it calls instead of {@link #ring}. The
 *       agent looks for work after a rest before it sleeps, whether anybody rang or not.
 *   <li>An agent that knows when it will have work, rung or not, says so by the time that it may sleep; no rest is longer either.
 * </ol>
 */
public final class Doorbell implements IdleStrategy {
    private static final int SPINS = 50;

    private final long restNanos;
    private final LongSupplier maxNapNanos;
    private int idleCount;
    private boolean worked;
    private boolean announced;
    private volatile boolean woken;
    private volatile Thread sleeper;
    private volatile Thread rester;

    /**
     * Makes a doorbell for one agent.
     *
     * @param restNanos how long the agent is deaf to rings once it has done all there was to do; may be 0
     * @param maxNapNanos the longest time to sleep when nobody rings
     */
    public Doorbell(final long restNanos, final long maxNapNanos) {
        this(restNanos, () -> maxNapNanos);
    }

    /**
     * Makes a doorbell for an agent that has work at certain times.
     *
     * @param restNanos how long the agent is deaf to rings once it has done all there was to do; may be 0
     * @param maxNapNanos the longest time to sleep when nobody rings, asked on the agent's thread each time; not to sleep if not
     *     positive
     */
    public Doorbell(final long restNanos, final LongSupplier maxNapNanos) {
        this.restNanos = restNanos;
        this.maxNapNanos = maxNapNanos;
    }

    /** Wakes the agent if it sleeps. */
    public void ring() {
        VarHandle.fullFence();
        final Thread sleeper = this.sleeper;
        if (sleeper != null) {
            this.sleeper = null;
            LockSupport.unpark(sleeper);
        }
    }

    /** Wakes the agent if it sleeps, and ends its rest. */
    public void wake() {
        woken = true;
        final Thread rester = this.rester;
        if (rester != null) {
            LockSupport.unpark(rester);
        }
        ring();
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            worked = true;
            reset();
        } else {
            idle();
        }
    }

    /** Waits once, a little longer each time. The caller looks for work between two calls. */
    @Override
    public void idle() {
        if (worked) {
            worked = false;
            rest();
            return;
        }
        idleCount++;
        if (idleCount <= SPINS) {
            Thread.onSpinWait();
        } else if (!announced) {
            // The agent looks for work once more after this; who rings from here on finds the sleeper.
            sleeper = Thread.currentThread();
            announced = true;
        } else {
            if (sleeper != null) {
                LockSupport.parkNanos(this, maxNapNanos.getAsLong());
            }
            sleeper = null;
            announced = false;
        }
    }

    private void rest() {
        final long nanos = Math.min(restNanos, maxNapNanos.getAsLong());
        final long endNanos = System.nanoTime() + nanos;
        rester = Thread.currentThread();
        for (long leftNanos = nanos; leftNanos > 0 && !woken; leftNanos = endNanos - System.nanoTime()) {
            LockSupport.parkNanos(this, leftNanos);
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
        }
        rester = null;
        woken = false;
    }

    @Override
    public void reset() {
        idleCount = 0;
        announced = false;
        if (sleeper != null) {
            sleeper = null;
        }
    }
}
