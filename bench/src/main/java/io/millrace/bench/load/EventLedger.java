package io.millrace.bench.load;

import java.util.BitSet;

/**
 * What a client knows of each of its events, by number: accepted (A), sent and never answered (U), refused (N). Loads may share
 * one if their numbers differ. {@link #audit} holds what a database has against it.
 *
 * <p>Thread-safe. Numbers reach to 2³¹ − 1.
 */
public final class EventLedger implements LoadListener {
    private final BitSet accepted = new BitSet();
    private final BitSet unanswered = new BitSet();
    private final BitSet refused = new BitSet();
    private long acceptances;

    /** From now on each event of the request is unanswered. */
    @Override
    public synchronized void sent(final long firstEvent, final int events) {
        mark(unanswered, firstEvent, events);
    }

    /**
     * All events of the request are accepted or refused. Where the answer accepts some without saying which, all stay unanswered:
     * any of them may have been counted once.
     */
    @Override
    public synchronized void answered(final long firstEvent, final int events, final Reply reply) {
        final int taken = reply.accepted(events);
        if (taken != 0 && taken != events) {
            return;
        }
        unanswered.clear(Math.toIntExact(firstEvent), Math.toIntExact(firstEvent + events));
        mark(taken == 0 ? refused : accepted, firstEvent, events);
        acceptances += taken == 0 ? 0 : 1;
    }

    /** They stay unanswered. */
    @Override
    public void lost(final long firstEvent, final int events, final LossCause cause) {}

    private static void mark(final BitSet set, final long firstEvent, final int events) {
        set.set(Math.toIntExact(firstEvent), Math.toIntExact(firstEvent + events));
    }

    /** How many requests were accepted so far: by it a test sees that a server serves again. */
    public synchronized long acceptances() {
        return acceptances;
    }

    /** A: the events whose answer was an acceptance. */
    public synchronized BitSet accepted() {
        return (BitSet) accepted.clone();
    }

    /** U: the events that were sent and whose answer never came. */
    public synchronized BitSet unanswered() {
        return (BitSet) unanswered.clone();
    }

    /** N: the events that were answered with a refusal. */
    public synchronized BitSet refused() {
        return (BitSet) refused.clone();
    }

    /**
     * Begins to compare with what a database holds.
     *
     * @param userPrefix of the events' users: what follows it is the number
     */
    public LedgerAudit audit(final String userPrefix) {
        return new LedgerAudit(accepted(), unanswered(), userPrefix);
    }
}
