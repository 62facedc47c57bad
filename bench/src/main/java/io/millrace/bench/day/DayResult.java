package io.millrace.bench.day;

import io.millrace.bench.process.PeakMemory;
import io.millrace.bench.process.StageTimes;

/**
 * What came of a day.
 *
 * @param events that were sent
 * @param sentSeconds from the first byte to the last answer
 * @param wallSeconds from the first byte until the last event was in PostgreSQL
 * @param shedRequests how often a request was answered 503, and sent again
 * @param times from the first byte until the last event was in PostgreSQL
 * @param memory at that time
 * @param tableBytes by which the database has grown
 * @param walBytes of PostgreSQL's log
 * @param balanced whether the server says that its books balance
 * @param verdict of the comparison
 */
record DayResult(
        long events,
        double sentSeconds,
        double wallSeconds,
        long shedRequests,
        StageTimes times,
        PeakMemory memory,
        long tableBytes,
        long walBytes,
        boolean balanced,
        DayAudit.Verdict verdict) {
    boolean clean() {
        return balanced && verdict.differences() == 0;
    }
}
