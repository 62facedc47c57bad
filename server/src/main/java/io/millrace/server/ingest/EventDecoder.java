package io.millrace.server.ingest;

import io.millrace.pipeline.event.EventLayout;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns bodies and query strings into binary events in the layout of {@link EventLayout}, back to back.
 *
 * <p>Each method reads {@code length} bytes of {@code src} from {@code offset} on and no other, and writes only within
 * {@link #maxEncodedJsonBytes} or {@link #maxEncodedQueryBytes} from {@code dstOffset} on, which {@code dst} must have room for
 * and the caller must own. A rejected event leaves no trace between the others; after a malformed document what was written
 * means nothing. What became of the events stands in {@code result}, which is started anew.
 *
 * <p>No input throws. {@link IndexOutOfBoundsException} means that a range lies outside its buffer.
 *
 * <p>Not thread-safe: one per event loop. Allocates nothing after construction.
 */
public final class EventDecoder {
    /** How deep arrays and objects may nest, the outermost included. */
    public static final int MAX_DEPTH = 64;

    private static final int EVENT = 0;
    private static final int NO_OBJECT = 1;
    private static final int MALFORMED = 2;

    private final UnsafeBuffer source = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer sink = new UnsafeBuffer(0, 0);
    private final EventFields fields = new EventFields();
    private final JsonScanner scanner = new JsonScanner();
    private final JsonEventReader jsonReader = new JsonEventReader(scanner, fields);
    private final QueryReader queryReader = new QueryReader(fields);
    private final EventEncoder encoder;
    private long receivedMillis;

    /**
     * Makes a decoder.
     *
     * @param maxAgeMillis an event older than that is rejected
     * @param maxAheadMillis an event further ahead of the clock than that gets the time of receipt
     * @throws IllegalArgumentException if one of them is negative
     */
    public EventDecoder(final long maxAgeMillis, final long maxAheadMillis) {
        if (maxAgeMillis < 0 || maxAheadMillis < 0) {
            throw new IllegalArgumentException("an event's age and lead must not be negative: maxAgeMillis="
                    + maxAgeMillis + ", maxAheadMillis=" + maxAheadMillis);
        }
        encoder = new EventEncoder(maxAgeMillis, maxAheadMillis);
    }

    /** What the events of a JSON, NDJSON or beacon body of that length take at most, in bytes. */
    public static int maxEncodedJsonBytes(final int length) {
        // Names, quotes, colons, commas and braces of the shortest event are 37 bytes, more than an event's header.
        return length;
    }

    /** What the event of a query string of that length takes at most, in bytes. */
    public static int maxEncodedQueryBytes(final int length) {
        return Math.min(EventLayout.HEADER_LENGTH + length, EventLayout.MAX_LENGTH);
    }

    /**
     * Decodes {@code application/json}: one object, which is a single event, or one array, which is a batch. An empty body
     * is an empty batch. Another value is a single event, rejected with {@link RejectionCode#INVALID_EVENT}.
     *
     * @param receivedMillis the time of receipt in epoch milliseconds, not negative
     */
    public void decodeJson(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset,
            final DecodeResult result) {
        startJson(src, offset, length, receivedMillis, dst, dstOffset);
        final int token = scanner.peekToken();
        if (token == '[') {
            decodeArray(result);
            return;
        }
        result.start(token == JsonScanner.END);
        if (token == JsonScanner.END) {
            return;
        }
        final int outcome = readEvent(token, 0);
        if (outcome == MALFORMED || scanner.peekToken() != JsonScanner.END) {
            result.malformedDocument();
            return;
        }
        finishEvent(outcome, result);
    }

    /**
     * Decodes {@code application/x-ndjson}: each line stands alone. A line that is no JSON is rejected with
     * {@link RejectionCode#INVALID_JSON} and its neighbours are taken; blank lines are skipped and not counted.
     *
     * @param receivedMillis the time of receipt in epoch milliseconds, not negative
     */
    public void decodeLines(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset,
            final DecodeResult result) {
        startJson(src, offset, length, receivedMillis, dst, dstOffset);
        result.start(true);
        int start = 0;
        while (start < length) {
            final int end = Swar.indexOf(source, start, length, '\n');
            scanner.wrap(source, start, end);
            decodeLine(result);
            start = end + 1;
        }
    }

    /**
     * Decodes the body of a beacon, {@code text/plain} or without a type: one array, or objects separated by white space. A
     * single object is a single event, several are a batch.
     *
     * @param receivedMillis the time of receipt in epoch milliseconds, not negative
     */
    public void decodeBeacon(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset,
            final DecodeResult result) {
        startJson(src, offset, length, receivedMillis, dst, dstOffset);
        int token = scanner.peekToken();
        if (token == '[') {
            decodeArray(result);
            return;
        }
        result.start(token == JsonScanner.END);
        while (token != JsonScanner.END) {
            final int outcome = readEvent(token, 0);
            if (outcome == MALFORMED) {
                result.malformedDocument();
                return;
            }
            final int end = scanner.position();
            token = scanner.peekToken();
            finishEvent(outcome, result);
            if (token != JsonScanner.END) {
                result.becomeBatch();
                if (scanner.position() == end) {
                    result.malformedDocument();
                    return;
                }
            }
        }
    }

    /**
     * Decodes the query string of the pixel, without the question mark: always a single event, never malformed.
     *
     * @param receivedMillis the time of receipt in epoch milliseconds, not negative
     */
    public void decodeQuery(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset,
            final DecodeResult result) {
        start(src, offset, length, receivedMillis, dst, dstOffset, maxEncodedQueryBytes(length));
        result.start(false);
        queryReader.read(source, length);
        finishEvent(EVENT, result);
    }

    private void startJson(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset) {
        start(src, offset, length, receivedMillis, dst, dstOffset, maxEncodedJsonBytes(length));
        scanner.wrap(source, 0, length);
    }

    private void start(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset,
            final int maxEncodedBytes) {
        // Views of exactly what may be read and written: with Agrona's bounds checks on, a mistake here cannot reach
        // the bytes beside, and the JIT knows the class of both, whatever the caller passed.
        source.wrap(src, offset, length);
        sink.wrap(dst, dstOffset, maxEncodedBytes);
        this.receivedMillis = receivedMillis;
    }

    private void decodeArray(final DecodeResult result) {
        result.start(true);
        scanner.advance();
        int token = scanner.peekToken();
        if (token == ']') {
            scanner.advance();
        } else {
            while (true) {
                final int outcome = readEvent(token, 1);
                if (outcome == MALFORMED) {
                    result.malformedDocument();
                    return;
                }
                finishEvent(outcome, result);
                token = scanner.peekToken();
                scanner.advance();
                if (token == ']') {
                    break;
                }
                if (token != ',') {
                    result.malformedDocument();
                    return;
                }
                token = scanner.peekToken();
            }
        }
        if (scanner.peekToken() != JsonScanner.END) {
            result.malformedDocument();
        }
    }

    private void decodeLine(final DecodeResult result) {
        final int token = scanner.peekToken();
        if (token == JsonScanner.END) {
            return;
        }
        final int outcome = readEvent(token, 0);
        if (outcome == MALFORMED || scanner.peekToken() != JsonScanner.END) {
            result.reject(RejectionCode.INVALID_JSON);
            return;
        }
        finishEvent(outcome, result);
    }

    /** Reads one value, which should be an object; the token is its first. */
    private int readEvent(final int token, final int depth) {
        if (token == '{') {
            return jsonReader.read(depth) ? EVENT : MALFORMED;
        }
        return JsonSkipper.skip(scanner, depth) ? NO_OBJECT : MALFORMED;
    }

    private void finishEvent(final int outcome, final DecodeResult result) {
        if (outcome == NO_OBJECT) {
            result.reject(RejectionCode.INVALID_EVENT);
            return;
        }
        encoder.encode(source, fields, receivedMillis, sink, result);
    }
}
