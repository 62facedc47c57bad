package io.millrace.server.ingest;

import io.millrace.server.http.CorsPolicy;
import io.millrace.server.http.HttpLimits;
import java.util.concurrent.TimeUnit;

/**
 * What the ingest port lets in, and when it answers. Immutable.
 *
 * @param limits of requests and connections
 * @param writeKeys what a request must carry
 * @param cors who may read the replies
 * @param ack what answers wait for
 * @param gpc what becomes of events of those who do not want to be known
 */
public record IngestSettings(HttpLimits limits, WriteKeys writeKeys, CorsPolicy cors, AckSettings ack, GpcPolicy gpc) {
    /** An event that is older when it comes is refused. */
    public static final long MAX_EVENT_AGE_MILLIS = TimeUnit.DAYS.toMillis(30);

    /** One that is further ahead gets the time of receipt. */
    public static final long MAX_EVENT_AHEAD_MILLIS = TimeUnit.MINUTES.toMillis(1);

    /** What holds if nothing is configured. */
    public static final IngestSettings DEFAULTS = of(HttpLimits.DEFAULTS);

    /** The default policy for those who do not want to be known. */
    public IngestSettings(
            final HttpLimits limits, final WriteKeys writeKeys, final CorsPolicy cors, final AckSettings ack) {
        this(limits, writeKeys, cors, ack, GpcPolicy.ANONYMIZE);
    }

    /** These limits, no write key, any origin, answers that wait for the journal. */
    public static IngestSettings of(final HttpLimits limits) {
        return new IngestSettings(limits, WriteKeys.NONE, CorsPolicy.ANY, AckSettings.DEFAULTS);
    }
}
