package io.millrace.bench.load;

import io.millrace.pipeline.Counters;

/** Everything that a load counts. */
public enum LoadCounter implements Counters.Descriptor {
    REQUESTS_SENT("requests_sent", "Requests that were written."),
    REQUESTS_ANSWERED("requests_answered", "Requests that were answered, whatever the status."),
    REQUESTS_ACCEPTED("requests_accepted", "Requests all of whose events were accepted."),
    REQUESTS_BELOW_LEVEL("requests_below_level", "Accepted before the level that was asked for was reached."),
    EVENTS_SENT("events_sent", "Events in requests that were written."),
    EVENTS_ACCEPTED("events_accepted", "Events that an answer accepted."),
    EVENTS_REFUSED("events_refused", "Events that an answer did not accept."),
    EVENTS_UNANSWERED("events_unanswered", "Events that were written and never answered."),
    LOST_CLOSED("lost_closed", "Requests whose connection ended before the answer."),
    LOST_TIMEOUT("lost_timeout", "Requests that were written and not answered in time."),
    LOST_PROTOCOL("lost_protocol", "Requests answered by what is no reply."),
    NEVER_SENT("never_sent", "Requests that were due and had no free connection in time."),
    CONNECT_ERRORS("connect_errors", "Connections that could not be made; each is tried again."),
    CONNECTIONS_MADE("connections_made", "Connections that were made.");

    private final String metricName;
    private final String help;

    LoadCounter(final String metricName, final String help) {
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
