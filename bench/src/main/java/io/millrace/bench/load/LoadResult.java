package io.millrace.bench.load;

import java.util.Map;
import java.util.SortedMap;
import org.HdrHistogram.Histogram;

/**
 * What a load came to.
 *
 * @param plan what was asked for
 * @param seconds from the end of the warm-up to the last answer
 * @param measured counts without the warm-up
 * @param total counts with it
 * @param statuses answers by status, without the warm-up
 * @param latencyNanos from when a request was due to its answer, of those accepted; those that timed out are in it with the time
 *     until then, for a stall must not look better than a slow answer
 * @param latenessNanos from when a request was due and a connection free, to its being written: what the generator itself adds
 * @param cpu what the generator took, without the warm-up
 * @param misunderstood the first thing that was no reply; empty if there was none
 */
public record LoadResult(
        LoadPlan plan,
        double seconds,
        Map<LoadCounter, Long> measured,
        Map<LoadCounter, Long> total,
        SortedMap<Integer, Long> statuses,
        Histogram latencyNanos,
        Histogram latenessNanos,
        CpuTime cpu,
        String misunderstood) {
    /** A count without the warm-up. */
    public long measured(final LoadCounter counter) {
        return measured.get(counter);
    }

    /** A count with the warm-up. */
    public long total(final LoadCounter counter) {
        return total.get(counter);
    }

    /** Answers a second. */
    public double requestsPerSecond() {
        return perSecond(LoadCounter.REQUESTS_ANSWERED);
    }

    /** Accepted events a second. */
    public double eventsPerSecond() {
        return perSecond(LoadCounter.EVENTS_ACCEPTED);
    }

    private double perSecond(final LoadCounter counter) {
        return seconds > 0 ? measured(counter) / seconds : 0;
    }

    /** Requests without an answer: lost, or never sent. */
    public long failures() {
        return measured(LoadCounter.LOST_CLOSED)
                + measured(LoadCounter.LOST_TIMEOUT)
                + measured(LoadCounter.LOST_PROTOCOL)
                + measured(LoadCounter.NEVER_SENT);
    }

    /** Whether every request was answered and every event accepted. */
    public boolean clean() {
        return failures() == 0
                && measured(LoadCounter.EVENTS_REFUSED) == 0
                && measured(LoadCounter.CONNECT_ERRORS) == 0
                && measured(LoadCounter.REQUESTS_ANSWERED) > 0;
    }
}
