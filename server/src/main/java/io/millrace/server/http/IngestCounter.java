package io.millrace.server.http;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Counters;

/** What an event loop of the ingest port counts. */
public enum IngestCounter implements Counters.Descriptor {
    EVENTS_REQUESTS("millrace_ingest_events_requests", "Requests to /events that were answered by the endpoint."),
    PIXEL_REQUESTS("millrace_ingest_pixel_requests", "Requests to /pixel.gif that were answered by the endpoint."),
    TRACKER_REQUESTS("millrace_ingest_tracker_requests", "Requests to /tracker.js that were answered by the endpoint."),
    OTHER_REQUESTS("millrace_ingest_other_requests", "Requests that were refused, and preflights."),
    REPLIES_2XX("millrace_ingest_replies_2xx", "Replies with a status of success."),
    REPLIES_3XX("millrace_ingest_replies_3xx", "Replies that say that the client's copy is still good."),
    REPLIES_4XX("millrace_ingest_replies_4xx", "Replies that say the client erred."),
    REPLIES_5XX("millrace_ingest_replies_5xx", "Replies that say the server could not."),
    EVENTS_ACCEPTED("millrace_ingest_events_accepted", "Events committed in the journal."),
    EVENTS_REJECTED("millrace_ingest_events_rejected", "Events that were not taken."),
    EVENTS_ANONYMIZED("millrace_ingest_events_anonymized", "Accepted events that lost their user to Sec-GPC."),
    EVENTS_DROPPED("millrace_ingest_events_dropped", "Sound events that were not recorded, because of Sec-GPC."),
    TIMESTAMPS_CLAMPED("millrace_ingest_timestamps_clamped", "Events too far ahead, given the time of receipt."),
    REQUESTS_SHED("millrace_ingest_requests_shed", "Requests answered 503: journal or collected bodies full."),
    REQUESTS_UNAUTHORIZED("millrace_ingest_requests_unauthorized", "Requests without a valid write key."),
    ACKS_DISK("millrace_ingest_acks_disk", "Replies that waited until the journal was forced to disk."),
    ACKS_STREAM("millrace_ingest_acks_stream", "Replies that waited until Redis had confirmed the events."),
    ACKS_STORED("millrace_ingest_acks_stored", "Replies that waited until PostgreSQL had committed the events."),
    ACK_TIMEOUTS("millrace_ingest_ack_timeouts", "Replies that had waited too long and say how far the events are."),
    ACKS_REFUSED("millrace_ingest_acks_refused", "Requests for a level that there is not, or above --ack-max."),
    BYTES_INFLATED("millrace_ingest_inflated_bytes", "Bytes of bodies that came compressed, as they were decoded."),
    BYTES_RECEIVED("millrace_ingest_received_bytes", "Bytes read from connections."),
    BYTES_SENT("millrace_ingest_sent_bytes", "Bytes of replies handed to connections."),
    CONNECTIONS_OPENED("millrace_ingest_connections_opened", "Connections accepted."),
    CONNECTIONS_CLOSED("millrace_ingest_connections_closed", "Connections closed, for any reason."),
    CONNECTIONS_EVICTED("millrace_ingest_connections_evicted", "Idle connections closed to make room for others."),
    CONNECTIONS_REFUSED("millrace_ingest_connections_refused", "Connections refused: all places taken, none idle."),
    CONNECTIONS_FAILED(
            "millrace_ingest_connections_failed", "Connections closed because of an error of I/O or within."),
    REQUEST_TIMEOUTS("millrace_ingest_request_timeouts", "Requests whose fields or body did not arrive in time."),
    TLS_HANDSHAKES("millrace_ingest_tls_handshakes", "TLS handshakes that succeeded."),
    TLS_HANDSHAKE_FAILURES(
            "millrace_ingest_tls_handshake_failures", "Connections that did not get through their TLS handshake."),
    IDLE_TIMEOUTS("millrace_ingest_idle_timeouts", "Connections closed for want of requests or of reading.");

    private final String metricName;
    private final String help;

    IngestCounter(final String metricName, final String help) {
        this.metricName = metricName;
        this.help = help;
    }

    static IngestCounter ofStatus(final int status) {
        return status < 300 ? REPLIES_2XX : status < 400 ? REPLIES_3XX : status < 500 ? REPLIES_4XX : REPLIES_5XX;
    }

    static IngestCounter ofAck(final AckLevel level) {
        return switch (level) {
            case JOURNAL -> throw new IllegalArgumentException("nobody waits for the journal");
            case DISK -> ACKS_DISK;
            case STREAM -> ACKS_STREAM;
            case STORED -> ACKS_STORED;
        };
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
