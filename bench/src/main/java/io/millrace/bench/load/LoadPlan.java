package io.millrace.bench.load;

/**
 * A whole load.
 *
 * @param target where it goes
 * @param requests what the requests are
 * @param events what the events are
 * @param firstEvent the number of the first event: loads that share a ledger have numbers of their own
 * @param pace how fast, on how many connections, for how long
 */
public record LoadPlan(Target target, RequestShape requests, EventShape events, long firstEvent, Pace pace) {
    /** A load whose events are numbered from 0. */
    public LoadPlan(final Target target, final RequestShape requests, final EventShape events, final Pace pace) {
        this(target, requests, events, 0, pace);
    }
}
