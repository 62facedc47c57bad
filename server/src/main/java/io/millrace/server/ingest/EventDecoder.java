package io.millrace.server.ingest;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Decodes events. */
public final class EventDecoder {
    /** How deep arrays and objects may nest, the outermost included. */
    public static final int MAX_DEPTH = 64;

    private final long maxAgeMillis;
    private final long maxAheadMillis;

    public EventDecoder(final long maxAgeMillis, final long maxAheadMillis) {
        this.maxAgeMillis = maxAgeMillis;
        this.maxAheadMillis = maxAheadMillis;
    }

    public void decodeJson(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset,
            final DecodeResult result) {
        result.start(maxAgeMillis > maxAheadMillis);
    }

    public void decodeLines(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset,
            final DecodeResult result) {
        result.start(maxAgeMillis > maxAheadMillis);
    }

    public void decodeBeacon(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset,
            final DecodeResult result) {
        result.start(maxAgeMillis > maxAheadMillis);
    }

    public void decodeQuery(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset,
            final DecodeResult result) {
        result.start(maxAgeMillis > maxAheadMillis);
    }
}
