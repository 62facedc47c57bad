package io.millrace.server.http;

/**
 * The bounds of the ingest port. Every one is checked when the record is made.
 *
 * @param requestLineBytes longest request line without its CRLF
 * @param fieldBytes longest field section, and longest trailer section, with their CRLFs
 * @param fieldCount most fields in either
 * @param bodyBytes largest body, decoded from its chunks, and largest decompressed body
 * @param headerTimeMillis from the first byte of a request to the end of its fields
 * @param bodyTimeMillis from there to the end of its body
 * @param idleTimeMillis without a request, or without the peer reading its replies
 * @param connections open at the same time; when one more comes, the oldest idle one is closed
 * @param collectedBytes of unfinished requests and decompressed bodies that the whole process holds at a time; at least
 *     {@link #MIN_COLLECTED_BODIES} times the largest body, so that one of it always has room
 */
public record HttpLimits(
        int requestLineBytes,
        int fieldBytes,
        int fieldCount,
        int bodyBytes,
        long headerTimeMillis,
        long bodyTimeMillis,
        long idleTimeMillis,
        int connections,
        long collectedBytes) {

    /** What holds if nothing is configured. */
    public static final HttpLimits DEFAULTS =
            new HttpLimits(8192, 16384, 100, 1 << 20, 10_000, 30_000, 60_000, 10_000, 64L << 20);

    /** The least {@link #requestLineBytes}, from RFC 9112, section 3: at least 8,000 octets are to be supported. */
    public static final int MIN_REQUEST_LINE_BYTES = 8000;

    public static final int MAX_REQUEST_LINE_BYTES = 65536;
    public static final int MIN_FIELD_BYTES = 1024;
    public static final int MAX_FIELD_BYTES = 1 << 18;
    public static final int MIN_FIELD_COUNT = 10;
    public static final int MAX_FIELD_COUNT = 1000;
    public static final int MIN_BODY_BYTES = 1024;
    public static final int MAX_BODY_BYTES = 64 << 20;
    public static final long MIN_TIME_MILLIS = 100;
    public static final long MAX_TIME_MILLIS = 3_600_000;
    public static final int MIN_CONNECTIONS = 1;
    public static final int MAX_CONNECTIONS = 1_000_000;
    public static final long MIN_COLLECTED_BYTES = 1 << 20;
    public static final long MAX_COLLECTED_BYTES = 16L << 30;

    /** A compressed body that is as large as allowed, beside it what it becomes, and that once more while it grows. */
    public static final int MIN_COLLECTED_BODIES = 4;

    /**
     * Checks every bound.
     *
     * @throws IllegalArgumentException naming the limit, its value and its bounds
     */
    public HttpLimits {
        check("request line bytes", requestLineBytes, MIN_REQUEST_LINE_BYTES, MAX_REQUEST_LINE_BYTES);
        check("field bytes", fieldBytes, MIN_FIELD_BYTES, MAX_FIELD_BYTES);
        check("field count", fieldCount, MIN_FIELD_COUNT, MAX_FIELD_COUNT);
        check("body bytes", bodyBytes, MIN_BODY_BYTES, MAX_BODY_BYTES);
        check("header time in milliseconds", headerTimeMillis, MIN_TIME_MILLIS, MAX_TIME_MILLIS);
        check("body time in milliseconds", bodyTimeMillis, MIN_TIME_MILLIS, MAX_TIME_MILLIS);
        check("idle time in milliseconds", idleTimeMillis, MIN_TIME_MILLIS, MAX_TIME_MILLIS);
        check("connections", connections, MIN_CONNECTIONS, MAX_CONNECTIONS);
        check("collected bytes", collectedBytes, minCollectedBytes(bodyBytes), MAX_COLLECTED_BYTES);
    }

    /** What {@link #collectedBytes()} must be at least for bodies of that size. */
    public static long minCollectedBytes(final int bodyBytes) {
        return Math.max(MIN_COLLECTED_BYTES, (long) MIN_COLLECTED_BODIES * bodyBytes);
    }

    /** The largest request that is served, but for empty lines before it and the framing of its chunks. */
    int requestBytes() {
        return requestLineBytes + fieldBytes + bodyBytes;
    }

    private static void check(final String name, final long value, final long min, final long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("limit of the ingest port out of bounds: " + name + " = " + value
                    + ", choose " + min + " to " + max);
        }
    }
}
