package io.millrace.server.decode;

import io.millrace.pipeline.event.EventLayout;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

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

    private static final int MALFORMED = JsonScanner.MALFORMED;

    private final Window source = new Window();
    private final Claim claim = new Claim();
    private final EventDraft draft = new EventDraft();
    private final JsonScanner scanner = new JsonScanner(source);
    private final JsonString string = new JsonString(source, draft);
    private final JsonSkipper skipper = new JsonSkipper(source, scanner, string);
    private final JsonEventReader jsonReader = new JsonEventReader(source, draft, scanner, string, skipper);
    private final QueryReader queryReader = new QueryReader(source, draft);
    private final EventEncoder encoder;
    private long receivedMillis;
    private boolean object;

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
        final int first = scanner.skipSpace(0);
        if (source.byteAt(first) == '[') {
            decodeArray(first, result);
            return;
        }
        result.start(first == length);
        if (first < length) {
            final int end = readValue(first, 0);
            if (end == MALFORMED || scanner.skipSpace(end) != length) {
                result.malformedDocument();
            } else {
                finishEvent(result);
            }
        }
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
            start = 1 + decodeLine(start, result);
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
        int at = scanner.skipSpace(0);
        if (source.byteAt(at) == '[') {
            decodeArray(at, result);
            return;
        }
        result.start(at == length);
        while (at < length) {
            final int end = readValue(at, 0);
            if (end == MALFORMED) {
                result.malformedDocument();
                return;
            }
            finishEvent(result);
            at = scanner.skipSpace(end);
            if (at < length) {
                result.becomeBatch();
                if (at == end) {
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
        result.otherParameters(queryReader.read());
        encoder.encode(draft, receivedMillis, claim, result);
    }

    private void startJson(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset) {
        start(src, offset, length, receivedMillis, dst, dstOffset, maxEncodedJsonBytes(length));
    }

    private void start(
            final DirectBuffer src,
            final int offset,
            final int length,
            final long receivedMillis,
            final MutableDirectBuffer dst,
            final int dstOffset,
            final int maxEncodedBytes) {
        // Exactly what may be read and written: a mistake here cannot reach the bytes beside.
        source.wrap(src, offset, length);
        claim.wrap(dst, dstOffset, maxEncodedBytes);
        this.receivedMillis = receivedMillis;
    }

    private void decodeArray(final int bracket, final DecodeResult result) {
        result.start(true);
        int at = scanner.skipSpace(bracket + 1);
        if (source.byteAt(at) == ']') {
            at++;
        } else {
            int separator = ',';
            while (separator == ',') {
                at = readValue(scanner.skipSpace(at), 1);
                if (at == MALFORMED) {
                    result.malformedDocument();
                    return;
                }
                finishEvent(result);
                at = scanner.skipSpace(at);
                separator = source.byteAt(at++);
            }
            if (separator != ']') {
                result.malformedDocument();
                return;
            }
        }
        if (scanner.skipSpace(at) != source.limit()) {
            result.malformedDocument();
        }
    }

    /** Returns the index of the line feed that ends the line, or the limit. */
    private int decodeLine(final int start, final DecodeResult result) {
        final int length = source.limit();
        // Most lines need not be looked through for their end first: the reader stops there by itself.
        final int behindFramed = jsonReader.readWithinLine(start);
        if (behindFramed != MALFORMED) {
            final int next = scanner.skipSpaceInLine(behindFramed);
            if (next == length || source.byteAt(next) == '\n') {
                encoder.encode(draft, receivedMillis, claim, result);
                return next;
            }
        }
        final int end = Swar.indexOf(source, start, '\n');
        source.limit(end);
        final int first = scanner.skipSpace(start);
        if (first < end) {
            final int behind = readValue(first, 0);
            if (behind == MALFORMED || scanner.skipSpace(behind) != end) {
                result.reject(RejectionCode.INVALID_JSON);
            } else {
                finishEvent(result);
            }
        }
        source.limit(length);
        return end;
    }

    /**
     * Reads one value, which should be an object. Returns the index behind it, or {@link #MALFORMED}.
     *
     * @param depth how many containers are open around it
     */
    private int readValue(final int at, final int depth) {
        object = source.byteAt(at) == '{';
        return object ? jsonReader.read(at, depth) : skipper.skip(at, depth);
    }

    private void finishEvent(final DecodeResult result) {
        if (object) {
            encoder.encode(draft, receivedMillis, claim, result);
        } else {
            result.reject(RejectionCode.INVALID_EVENT);
        }
    }
}
