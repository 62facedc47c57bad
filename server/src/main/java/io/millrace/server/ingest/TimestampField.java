package io.millrace.server.ingest;

import org.agrona.concurrent.UnsafeBuffer;

/** Resolves the {@code timestamp} of an event, in whichever form it came, to epoch milliseconds. */
final class TimestampField {
    /** The longest text that is looked at, in bytes: an ISO-8601 date with 38 digits of a second. */
    static final int MAX_BYTES = 64;

    /** Returned for a value that is no timestamp. */
    static final long INVALID = Iso8601.INVALID;

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[MAX_BYTES]);

    /**
     * Epoch milliseconds, or {@link #INVALID}. An integer too large or too small for a {@code long} counts as the largest,
     * or as the smallest that is not {@link #INVALID}.
     */
    long resolve(final UnsafeBuffer source, final EventFields fields) {
        final int start = fields.start(EventField.TIMESTAMP);
        final int end = fields.end(EventField.TIMESTAMP);
        return switch (fields.kind(EventField.TIMESTAMP)) {
            case EventFields.INTEGER -> integer(source, start, end);
            case EventFields.PLAIN -> end - start > MAX_BYTES ? INVALID : Iso8601.parse(source, start, end);
            case EventFields.ESCAPED -> escaped(source, start, end);
            case EventFields.PERCENT -> percentEncoded(source, start, end);
            default -> INVALID;
        };
    }

    private static long integer(final UnsafeBuffer text, final int start, final int end) {
        return Math.max(INVALID + 1, Ascii.saturatedLong(text, start, end));
    }

    private long escaped(final UnsafeBuffer source, final int start, final int end) {
        final int length = JsonString.unescapedLength(source, start, end);
        if (length == JsonString.INVALID || length > MAX_BYTES) {
            return INVALID;
        }
        JsonString.unescape(source, start, end, scratch, 0);
        return Iso8601.parse(scratch, 0, length);
    }

    private long percentEncoded(final UnsafeBuffer source, final int start, final int end) {
        final int length = PercentEncoding.decodedLength(source, start, end);
        if (length == PercentEncoding.INVALID || length > MAX_BYTES) {
            return INVALID;
        }
        PercentEncoding.decode(source, start, end, scratch, 0);
        // The plus sign of an offset that was not encoded arrives as a space. No other place of a timestamp has either.
        for (int i = 0; i < length; i++) {
            if (scratch.getByte(i) == ' ') {
                scratch.putByte(i, (byte) '+');
            }
        }
        return Ascii.isInteger(scratch, 0, length) ? integer(scratch, 0, length) : Iso8601.parse(scratch, 0, length);
    }
}
