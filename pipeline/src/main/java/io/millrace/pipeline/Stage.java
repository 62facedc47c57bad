package io.millrace.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far events have got with one stage of their way, and who waits for it.
 *
 * <ol>
 *   <li>The sequence that was reached has one writer at a time, the stage's agent, and any number of readers.
 *   <li>At most one thread waits, the event loop that the events came from: it alone calls {@link #want} and
 *       {@link #await}.
 *   <li>A waiter is woken once for each call of {@link #await}, by the agent's thread, when the sequence is reached; however
 *       often the stage moves before it waits again. The full fences of both sides order "reach, then look for a waiter"
 *       against "wait, then look how far it is": a waiter is never missed.
 *   <li>While nobody waits, a move of the stage costs one fence and one read, and the event loop pays nothing.
 * </ol>
 */
public final class Stage {
    private static final long NOBODY = Long.MAX_VALUE;

    private final AtomicLong reached = new AtomicLong();
    private final AtomicLong wanted = new AtomicLong();
    private final AtomicLong awaited = new AtomicLong(NOBODY);
    private Runnable waker;

    Stage() {}

    /** The last event that has passed the stage. Any thread. */
    public long reached() {
        return reached.get();
    }

    /** Moves the stage, and wakes who waits for that. */
    void reached(final long sequence) {
        reached.set(sequence);
        wakeWaiter(sequence);
    }

    /** Moves the stage forward only, and wakes who waits for that. */
    void reachedAtLeast(final long sequence) {
        wakeWaiter(reached.accumulateAndGet(sequence, Math::max));
    }

    private void wakeWaiter(final long sequence) {
        final long awaited = this.awaited.get();
        if (awaited <= sequence && this.awaited.compareAndSet(awaited, NOBODY)) {
            waker.run();
        }
    }

    /** Whether an answer waits, or waited, for an event that has not passed: the agent is to hurry. Any thread. */
    public boolean isWanted() {
        return wanted.get() > reached.get();
    }

    /** An answer waits for this event. */
    void want(final long sequence) {
        if (sequence > wanted.getPlain()) {
            wanted.setRelease(sequence);
        }
    }

    /**
     * Waits for an event, in place of whatever was waited for before.
     *
     * @param wake run once, on any thread, when the event has passed the stage
     * @return false if it has passed already; {@code wake} may still be run
     */
    public boolean await(final long sequence, final Runnable wake) {
        waker = wake;
        awaited.set(sequence);
        return reached.get() < sequence;
    }

    /** Waits no more. A wake-up that is on its way may still come. */
    public void awaitNothing() {
        awaited.set(NOBODY);
    }
}
