package io.millrace.server.ingest;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Counters;
import io.millrace.server.decode.EventDecoder;
import io.millrace.server.http.Acknowledgements;
import io.millrace.server.http.BodyBudget;
import io.millrace.server.http.HttpLoop;
import io.millrace.server.http.IngestCounter;
import io.millrace.server.http.Replies;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * What one event loop has of its own: journal, decoder, replies, connections. Other threads may read its counters, its
 * rejections and its latencies.
 */
public final class IngestLoop {
    static final int LARGEST_READ_BYTES = 65536;

    private final HttpLoop http;
    private final IngestEndpoint endpoint;
    private final WriteKeyCheck writeKey;
    private final RejectionCounters rejections = new RejectionCounters();
    private final ReadBuffer readBuffer = new ReadBuffer(LARGEST_READ_BYTES);

    /**
     * Makes the state of one event loop.
     *
     * @param maxConnections this loop's share of the connections
     * @param budget of the whole process
     */
    public IngestLoop(
            final IngestJournal journal,
            final EventDecoder decoder,
            final IngestSettings settings,
            final int maxConnections,
            final BodyBudget budget,
            final EpochClock epochClock,
            final NanoClock nanoClock) {
        final Counters<IngestCounter> counters = new Counters<>(IngestCounter.class);
        final Replies replies = new Replies(settings.cors());
        writeKey = new WriteKeyCheck(settings.writeKeys());
        endpoint = new IngestEndpoint(
                journal,
                decoder,
                new GzipDecoder(settings.limits().bodyBytes(), budget),
                writeKey,
                new AckParameter(settings.ack()),
                settings.gpc(),
                replies,
                counters,
                rejections);
        http = new HttpLoop(
                settings.limits(),
                maxConnections,
                budget,
                endpoint,
                replies,
                new Acknowledgements(
                        journal.progress(),
                        journal.onAwaited(),
                        TimeUnit.MILLISECONDS.toNanos(settings.ack().timeoutMillis())),
                counters,
                epochClock,
                nanoClock);
    }

    /** To be called on the loop, when all its connections are closed. */
    public void stop() {
        http.stop();
        endpoint.close();
        readBuffer.release();
    }

    /** What its connections are read into. */
    ReadBuffer readBuffer() {
        return readBuffer;
    }

    /** Requests to come must carry one of these. To be called on the loop. */
    void writeKeys(final WriteKeys keys) {
        writeKey.keys(keys);
    }

    /** What its connections share. */
    public HttpLoop http() {
        return http;
    }

    public Counters<IngestCounter> counters() {
        return http.counters();
    }

    public RejectionCounters rejections() {
        return rejections;
    }

    /** How many replies wait for a level above the journal. */
    public int waitingReplies(final AckLevel level) {
        return http.acks().waiting(level);
    }

    /** Nanoseconds that replies waited for such a level, reached or not; one reader may take intervals of it. */
    public SingleWriterRecorder ackWaitNanos(final AckLevel level) {
        return http.acks().waitNanos(level);
    }

    /** Nanoseconds from the first byte of a read to the write of its replies; one reader may take intervals of it. */
    public SingleWriterRecorder latencyNanos() {
        return http.latencyNanos();
    }
}
