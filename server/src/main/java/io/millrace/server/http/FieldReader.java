package io.millrace.server.http;

import org.agrona.concurrent.UnsafeBuffer;

/** The fields that mean something to this port. All others are skipped. Stateless. */
final class FieldReader {
    private static final CaselessText HOST = CaselessText.of("host");
    private static final CaselessText EXPECT = CaselessText.of("expect");
    private static final CaselessText ORIGIN = CaselessText.of("origin");
    private static final CaselessText GPC = CaselessText.of("sec-gpc");
    private static final CaselessText CONNECTION = CaselessText.of("connection");
    private static final CaselessText WRITE_KEY = CaselessText.of("x-write-key");
    private static final CaselessText CONTENT_TYPE = CaselessText.of("content-type");
    private static final CaselessText AUTHORIZATION = CaselessText.of("authorization");
    private static final CaselessText CONTENT_LENGTH = CaselessText.of("content-length");
    private static final CaselessText CONTENT_ENCODING = CaselessText.of("content-encoding");
    private static final CaselessText TRANSFER_ENCODING = CaselessText.of("transfer-encoding");

    private static final CaselessText CHUNKED = CaselessText.of("chunked");
    private static final CaselessText CLOSE = CaselessText.of("close");
    private static final CaselessText KEEP_ALIVE = CaselessText.of("keep-alive");
    private static final CaselessText CONTINUE = CaselessText.of("100-continue");
    private static final CaselessText JSON = CaselessText.of("application/json");
    private static final CaselessText NDJSON = CaselessText.of("application/x-ndjson");
    private static final CaselessText TEXT = CaselessText.of("text/plain");

    /** By the length of a name: which first letters it may have if it means something, a bit for each letter's number. */
    private static final int[] CONCERNED = new int[32];

    static {
        for (final CaselessText name : new CaselessText[] {
            HOST,
            EXPECT,
            ORIGIN,
            GPC,
            CONNECTION,
            WRITE_KEY,
            CONTENT_TYPE,
            AUTHORIZATION,
            CONTENT_LENGTH,
            CONTENT_ENCODING,
            TRANSFER_ENCODING
        }) {
            CONCERNED[name.length()] |= 1 << (name.first() & 31);
        }
    }

    private FieldReader() {}

    /** Whether a name of this length and with this first byte may mean something here; nearly always exact. */
    static boolean concerns(final int nameLength, final int first) {
        return (CONCERNED[nameLength & 31] >>> (first & 31) & 1) != 0;
    }

    /**
     * Takes one field into the head.
     *
     * @param start the request's first byte
     * @param name the line's first byte
     * @param nameLength the bytes before the colon
     * @param lineEnd the CRLF
     * @return null, or why the request is refused
     */
    static Refusal read(
            final RequestHead head,
            final UnsafeBuffer buffer,
            final int start,
            final int name,
            final int nameLength,
            final int lineEnd) {
        final int value = valueStart(buffer, name + nameLength);
        final int length = valueEnd(buffer, value, lineEnd) - value;
        switch (nameLength) {
            case 4 -> {
                if (HOST.matches(buffer, name, nameLength)) {
                    head.hosts++;
                    head.hostValid = Authority.isValid(buffer, value, value + length);
                }
            }
            case 6 -> {
                if (EXPECT.matches(buffer, name, nameLength)) {
                    expect(head, buffer, value, length);
                } else if (ORIGIN.matches(buffer, name, nameLength)) {
                    head.originOffset = value - start;
                    head.originLength = length;
                }
            }
            case 7 -> {
                if (GPC.matches(buffer, name, nameLength)) {
                    // https://www.w3.org/TR/gpc/: any other value means nothing.
                    head.globalPrivacyControl |= length == 1 && buffer.getByte(value) == '1';
                }
            }
            case 10 -> {
                if (CONNECTION.matches(buffer, name, nameLength)) {
                    connection(head, buffer, value, value + length);
                }
            }
            case 11 -> {
                if (WRITE_KEY.matches(buffer, name, nameLength)) {
                    head.writeKeyOffset = value - start;
                    head.writeKeyLength = length;
                }
            }
            case 12 -> {
                if (CONTENT_TYPE.matches(buffer, name, nameLength)) {
                    head.contentKind(
                            head.contentKind() == ContentKind.NONE ? kind(buffer, value, length) : ContentKind.OTHER);
                }
            }
            case 13 -> {
                if (AUTHORIZATION.matches(buffer, name, nameLength)) {
                    head.authorizationOffset = value - start;
                    head.authorizationLength = length;
                }
            }
            case 14 -> {
                return CONTENT_LENGTH.matches(buffer, name, nameLength)
                        ? contentLength(head, buffer, value, value + length)
                        : null;
            }
            case 16 -> {
                if (CONTENT_ENCODING.matches(buffer, name, nameLength)) {
                    head.contentCoding(head.contentCoding().then(buffer, value, value + length));
                }
            }
            case 17 -> {
                return TRANSFER_ENCODING.matches(buffer, name, nameLength)
                        ? transferEncoding(head, buffer, value, length)
                        : null;
            }
            default -> {
                // Means nothing here.
            }
        }
        return null;
    }

    private static void expect(final RequestHead head, final UnsafeBuffer buffer, final int value, final int length) {
        if (CONTINUE.matches(buffer, value, length)) {
            head.expectContinue = true;
        } else {
            head.expectOther = true;
        }
    }

    /** RFC 9110, 7.6.1: a list of options. */
    private static void connection(final RequestHead head, final UnsafeBuffer buffer, final int from, final int to) {
        if (KEEP_ALIVE.matches(buffer, from, to - from)) {
            // All that most clients send.
            head.keepAlive = true;
            return;
        }
        int i = from;
        while (i < to) {
            final int comma = listItemEnd(buffer, i, to);
            final int item = skipSpace(buffer, i, comma);
            final int length = trimSpace(buffer, item, comma) - item;
            if (CLOSE.matches(buffer, item, length)) {
                head.close = true;
            } else if (KEEP_ALIVE.matches(buffer, item, length)) {
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
        if (JSON.matches(buffer, value, typeLength)) {
            return ContentKind.JSON;
        }
        if (NDJSON.matches(buffer, value, typeLength)) {
            return ContentKind.LINES;
        }
        return TEXT.matches(buffer, value, typeLength) ? ContentKind.TEXT : ContentKind.OTHER;
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
            final int digit = buffer.getByte(i) - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            number = number * 10 + digit;
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
        head.chunked = CHUNKED.matches(buffer, value, length);
        if (head.chunked) {
            return null;
        }
        int last = value + length;
        while (last > value && buffer.getByte(last - 1) != ',') {
            last--;
        }
        final int item = skipSpace(buffer, last, value + length);
        return last > value && CHUNKED.matches(buffer, item, value + length - item)
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

    /** Behind the colon and the space after it; the CR that ends the line ends the loop, too. */
    private static int valueStart(final UnsafeBuffer buffer, final int colon) {
        int i = colon + 1;
        while (isSpace(buffer.getByte(i))) {
            i++;
        }
        return i;
    }

    /** Before the space at the end; the value's first byte, which is none, ends the loop. */
    private static int valueEnd(final UnsafeBuffer buffer, final int value, final int lineEnd) {
        int i = lineEnd;
        while (i > value && isSpace(buffer.getByte(i - 1))) {
            i--;
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
