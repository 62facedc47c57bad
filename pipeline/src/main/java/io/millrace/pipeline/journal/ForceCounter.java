package io.millrace.pipeline.journal;

import io.millrace.pipeline.Counters;

/** What a journal's forcer counts. */
public enum ForceCounter implements Counters.Descriptor {
    FORCES("millrace_journal_forces", "Times that a journal was forced to disk."),
    FORCED_EVENTS("millrace_journal_forced_events", "Events that this put on disk for answers of level disk."),
    FORCE_FAILURES(
            "millrace_journal_force_failures",
            "Times that forcing failed; that journal gives no answers of level disk any more until a restart.");

    private final String metricName;
    private final String help;

    ForceCounter(final String metricName, final String help) {
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
