package io.millrace.server.reload;

import io.millrace.pipeline.Counters;

/** What {@link Reloads} counts. */
public enum ReloadCounter implements Counters.Descriptor {
    RELOADS("millrace_reloads", "Times that certificates or write keys were read again and taken."),
    FAILURES("millrace_reload_failures", "Times that they could not be taken; the former ones hold on.");

    private final String metricName;
    private final String help;

    ReloadCounter(final String metricName, final String help) {
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
