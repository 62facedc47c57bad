package io.millrace.pipeline;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * How an agent waits for work without burning a core: it spins for a moment, then sleeps until somebody rings
 * or the longest nap is over.
 *
 * <ol>
 *   <li>{@link #idle} belongs to the agent's thread; {@link #ring} may be called by any.
 *   <li>Whoever makes work publishes it first and rings then. The fences on both sides order "work, then ring" against
 *       "about to sleep, then look again": a ring is never missed, at worst one nap is cut short for nothing.
 *   <li>Ringing costs a fence and a read while the agent is awake, and a system call only when it sleeps.
 * </ol>
 */
public final class Doorbell implements IdleStrategy {
    private static final int SPINS = 50;

    private final long maxNapNanos;
    private int idleCount;
    private boolean announced;
    private volatile Thread sleeper;

    /**
     * Makes a doorbell for one agent.
     *
     * @param maxNapNanos the longest time to sleep when nobody rings
     */
    public Doorbell(final long maxNapNanos) {
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

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    /** Waits once, a little longer each time. The caller looks for work between two calls. */
    @Override
    public void idle() {
        idleCount++;
        if (idleCount <= SPINS) {
            Thread.onSpinWait();
        } else if (!announced) {
            // The agent looks for work once more after this; who rings from here on finds the sleeper.
            sleeper = Thread.currentThread();
            announced = true;
        } else {
            if (sleeper != null) {
                LockSupport.parkNanos(this, maxNapNanos);
            }
            sleeper = null;
            announced = false;
        }
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
