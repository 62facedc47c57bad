package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.agrona.concurrent.UnsafeBuffer;

/** The fields that mean something to this port. All others are skipped. Stateless. */
final class FieldReader {
    private static final byte[] HOST = ascii("host");
    private static final byte[] EXPECT = ascii("expect");
    private static final byte[] ORIGIN = ascii("origin");
    private static final byte[] CONNECTION = ascii("connection");
    private static final byte[] WRITE_KEY = ascii("x-write-key");
    private static final byte[] CONTENT_TYPE = ascii("content-type");
    private static final byte[] AUTHORIZATION = ascii("authorization");
    private static final byte[] CONTENT_LENGTH = ascii("content-length");
    private static final byte[] CONTENT_ENCODING = ascii("content-encoding");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding");

    private static final byte[] CHUNKED = ascii("chunked");
    private static final byte[] CLOSE = ascii("close");
    private static final byte[] KEEP_ALIVE = ascii("keep-alive");
    private static final byte[] CONTINUE = ascii("100-continue");
    private static final byte[] JSON = ascii("application/json");
    private static final byte[] NDJSON = ascii("application/x-ndjson");
    private static final byte[] TEXT = ascii("text/plain");

    private FieldReader() {}

    private static byte[] ascii(final String text) {
        return text.getBytes(US_ASCII);
    }

    /**
     * Takes one field into the head.
     *
     * @param start the request's first byte
     * @return null, or why the request is refused
     */
    static Refusal read(
            final RequestHead head,
            final UnsafeBuffer buffer,
            final int start,
            final int name,
            final int nameLength,
            final int value,
            final int length) {
        switch (nameLength) {
            case 4 -> {
                if (is(buffer, name, HOST)) {
                    head.hosts++;
                    head.hostValid = Authority.isValid(buffer, value, value + length);
                }
            }
            case 6 -> {
                if (is(buffer, name, EXPECT)) {
                    expect(head, buffer, value, length);
                } else if (is(buffer, name, ORIGIN)) {
                    head.originOffset = value - start;
                    head.originLength = length;
                }
            }
            case 10 -> {
                if (is(buffer, name, CONNECTION)) {
                    connection(head, buffer, value, value + length);
                }
            }
            case 11 -> {
                if (is(buffer, name, WRITE_KEY)) {
                    head.writeKeyOffset = value - start;
                    head.writeKeyLength = length;
                }
            }
            case 12 -> {
                if (is(buffer, name, CONTENT_TYPE)) {
                    head.contentKind =
                            head.contentKind == ContentKind.NONE ? kind(buffer, value, length) : ContentKind.OTHER;
                }
            }
            case 13 -> {
                if (is(buffer, name, AUTHORIZATION)) {
                    head.authorizationOffset = value - start;
                    head.authorizationLength = length;
                }
            }
            case 14 -> {
                return is(buffer, name, CONTENT_LENGTH) ? contentLength(head, buffer, value, value + length) : null;
            }
            case 16 -> {
                if (is(buffer, name, CONTENT_ENCODING)) {
                    head.contentCoding = head.contentCoding.then(buffer, value, value + length);
                }
            }
            case 17 -> {
                return is(buffer, name, TRANSFER_ENCODING) ? transferEncoding(head, buffer, value, length) : null;
            }
            default -> {
                // Means nothing here.
            }
        }
        return null;
    }

    private static boolean is(final UnsafeBuffer buffer, final int name, final byte[] lower) {
        return HttpBytes.equalsIgnoreCase(buffer, name, lower.length, lower);
    }

    private static void expect(final RequestHead head, final UnsafeBuffer buffer, final int value, final int length) {
        if (HttpBytes.equalsIgnoreCase(buffer, value, length, CONTINUE)) {
            head.expectContinue = true;
        } else {
            head.expectOther = true;
        }
    }

    /** RFC 9110, 7.6.1: a list of options. */
    private static void connection(final RequestHead head, final UnsafeBuffer buffer, final int from, final int to) {
        int i = from;
        while (i < to) {
            final int comma = listItemEnd(buffer, i, to);
            final int item = skipSpace(buffer, i, comma);
            final int length = trimSpace(buffer, item, comma) - item;
            if (HttpBytes.equalsIgnoreCase(buffer, item, length, CLOSE)) {
                head.close = true;
            } else if (HttpBytes.equalsIgnoreCase(buffer, item, length, KEEP_ALIVE)) {
                head.keepAlive = true;
            }
            i = comma + 1;
        }
    }

    /** RFC 9110, 8.3.1: type "/" subtype, then parameters behind a semicolon. */
    private static ContentKind kind(final UnsafeBuffer buffer, final int value, final int length) {
        int end = value;
        while (end < value + length && buffer.getByte(end) != ';') {
            end++;
        }
        final int typeLength = trimSpace(buffer, value, end) - value;
        if (HttpBytes.equalsIgnoreCase(buffer, value, typeLength, JSON)) {
            return ContentKind.JSON;
        }
        if (HttpBytes.equalsIgnoreCase(buffer, value, typeLength, NDJSON)) {
            return ContentKind.LINES;
        }
        return HttpBytes.equalsIgnoreCase(buffer, value, typeLength, TEXT) ? ContentKind.TEXT : ContentKind.OTHER;
    }

    /**
     * RFC 9110, 8.6, and RFC 9112, 6.3: digits only. The same number again, on a line of its own or in a list, is the same
     * length; another one makes the framing doubtful.
     */
    private static Refusal contentLength(
            final RequestHead head, final UnsafeBuffer buffer, final int from, final int to) {
        int i = from;
        do {
            final int comma = listItemEnd(buffer, i, to);
            final int item = skipSpace(buffer, i, comma);
            final long length = number(buffer, item, trimSpace(buffer, item, comma));
            if (length < 0 || (head.contentLength >= 0 && head.contentLength != length)) {
                return Refusal.BAD_CONTENT_LENGTH;
            }
            head.contentLength = length;
            i = comma + 1;
        } while (i <= to);
        return null;
    }

    /** The number, or -1 if it is none or does not fit 63 bits. */
    private static long number(final UnsafeBuffer buffer, final int from, final int to) {
        if (from == to) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            final byte b = buffer.getByte(i);
            if (!HttpBytes.isDigit(b) || number > (Long.MAX_VALUE - 9) / 10) {
                return -1;
            }
            number = number * 10 + b - '0';
        }
        return number;
    }

    /**
     * RFC 9112, 6.1 and 6.3: {@code chunked} once, and nothing else. Codings before a final {@code chunked} frame the body
     * well but are not implemented; with anything else the body's end cannot be known.
     */
    private static Refusal transferEncoding(
            final RequestHead head, final UnsafeBuffer buffer, final int value, final int length) {
        if (head.transferEncoding) {
            return Refusal.BAD_TRANSFER_ENCODING;
        }
        head.transferEncoding = true;
        head.chunked = HttpBytes.equalsIgnoreCase(buffer, value, length, CHUNKED);
        if (head.chunked) {
            return null;
        }
        int last = value + length;
        while (last > value && buffer.getByte(last - 1) != ',') {
            last--;
        }
        final int item = skipSpace(buffer, last, value + length);
        return last > value && HttpBytes.equalsIgnoreCase(buffer, item, value + length - item, CHUNKED)
                ? Refusal.CODING_NOT_IMPLEMENTED
                : Refusal.BAD_TRANSFER_ENCODING;
    }

    static int listItemEnd(final UnsafeBuffer buffer, final int from, final int to) {
        int i = from;
        while (i < to && buffer.getByte(i) != ',') {
            i++;
        }
        return i;
    }

    static int skipSpace(final UnsafeBuffer buffer, final int from, final int to) {
        int i = from;
        while (i < to && isSpace(buffer.getByte(i))) {
            i++;
        }
        return i;
    }

    static int trimSpace(final UnsafeBuffer buffer, final int from, final int to) {
        int i = to;
        while (i > from && isSpace(buffer.getByte(i - 1))) {
            i--;
        }
        return i;
    }

    private static boolean isSpace(final byte b) {
        return b == ' ' || b == '\t';
    }
}
