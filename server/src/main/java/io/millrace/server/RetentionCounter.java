package io.millrace.server;

import io.millrace.pipeline.Counters;

/** What {@link Retention} counts. */
enum RetentionCounter implements Counters.Descriptor {
    DROPPED_DAYS("millrace_retention_dropped_days", "Days that were dropped because they are older than --retention."),
    FAILURES("millrace_retention_failures", "Times that dropping old days failed; it is tried again.");

    private final String metricName;
    private final String help;

    RetentionCounter(final String metricName, final String help) {
        this.metricName = metricName;
        this.help = help;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public String help() {
        return help;
    }
}
