package io.millrace.bench.age;

import java.time.Duration;

/**
 * What is sent.
 *
 * @param eventsPerSecond in all requests together
 * @param batch events in each request
 * @param warmup whose events are not in the result
 * @param duration of what is
 * @param patience for the last row after the load
 */
record AgePlan(double eventsPerSecond, int batch, Duration warmup, Duration duration, Duration patience) {
    double requestsPerSecond() {
        return eventsPerSecond / batch;
    }
}
