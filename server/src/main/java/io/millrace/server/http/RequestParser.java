package io.millrace.server.http;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The parser of a request's head: a state machine over the bytes in place, line by line.
 *
 * <p>The bytes of a request may come in any pieces; each call is given all of them so far. What is parsed already is not
 * looked at again, and a line is parsed only when its end is there, or for the first time: any split gives the same result
 * in linear time. A refusal here always leaves the framing in doubt, so all of them close the connection.
 *
 * <p>Not thread-safe: one per connection. Allocates nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112: HTTP/1.1</a>
 */
public final class RequestParser {
    /** What a call came to. */
    public enum Outcome {
        /** More bytes are needed. */
        INCOMPLETE,
        /** The head is whole. */
        COMPLETE,
        /** The request breaks a rule or a limit: it is answered with an error, and the connection closes. */
        REFUSED
    }

    private enum State {
        EMPTY_LINES,
        REQUEST_LINE,
        FIELDS
    }

    /** Empty lines that are skipped before a request line; RFC 9112, 2.2, asks for one at least. */
    static final int MAX_EMPTY_LINES = 4;

    private static final int MAX_METHOD_LENGTH = 32;
    private static final int CRLF_LENGTH = 2;
    private static final int VERSION_LENGTH = 8;
    private static final int UNFINISHED = -1;
    private static final int REFUSED = -2;

    private static final long HTTP_1_1 = 0x312E312F50545448L;
    private static final short CRLF = 0x0A0D;
    private static final byte[] VERSION_FORM = "HTTP/d.d\r\n".getBytes(US_ASCII);

    final RequestHead head = new RequestHead();

    private final int maxRequestLineBytes;
    private final int maxFieldBytes;
    private final int maxFieldCount;
    private final int maxBodyBytes;

    private State state;
    private int line;
    private int scanned;
    private int fieldsStart;
    private int fieldCount;
    private int emptyLines;
    private Refusal refusal;

    /** Makes a parser that keeps to these limits. */
    public RequestParser(final HttpLimits limits) {
        maxRequestLineBytes = limits.requestLineBytes();
        maxFieldBytes = limits.fieldBytes();
        maxFieldCount = limits.fieldCount();
        maxBodyBytes = limits.bodyBytes();
        reset();
    }

    /** Forgets the request: the next call begins another. */
    public void reset() {
        head.reset();
        state = State.EMPTY_LINES;
        line = 0;
        scanned = 0;
        fieldCount = 0;
        emptyLines = 0;
        refusal = null;
    }

    /** Whether anything but empty lines has come. */
    boolean begun() {
        return state != State.EMPTY_LINES;
    }

    Refusal refusal() {
        return refusal;
    }

    /**
     * Goes on with the request whose first byte is at {@code start}.
     *
     * @param start the same byte of the request in each of its calls, wherever the buffer has it by now
     * @param end the index behind the last byte that has come; no byte from there on is read
     */
    public Outcome parse(final UnsafeBuffer buffer, final int start, final int end) {
        if (scanned > line
                && end - start - line < lineBound()
                && HttpBytes.findLineFeed(buffer, start + scanned, end) == end) {
            scanned = end - start;
            return Outcome.INCOMPLETE;
        }
        while (true) {
            final int from = start + line;
            final int next = switch (state) {
                case EMPTY_LINES -> emptyLine(buffer, from, end);
                case REQUEST_LINE -> requestLine(buffer, start, from, end);
                case FIELDS -> fieldLine(buffer, start, from, end);
            };
            if (next < 0) {
                scanned = end - start;
                return next == UNFINISHED ? Outcome.INCOMPLETE : Outcome.REFUSED;
            }
            line = next - start;
            if (head.length > 0) {
                return complete();
            }
        }
    }

    private int lineBound() {
        return state == State.FIELDS ? fieldsStart + maxFieldBytes - line : maxRequestLineBytes + CRLF_LENGTH;
    }

    /** RFC 9112, 2.2: empty lines before the request line are ignored, here up to a bound. */
    private int emptyLine(final UnsafeBuffer buffer, final int from, final int end) {
        if (from == end) {
            return UNFINISHED;
        }
        if (buffer.getByte(from) != '\r') {
            state = State.REQUEST_LINE;
            return from;
        }
        if (emptyLines == MAX_EMPTY_LINES) {
            return refuse(Refusal.BAD_REQUEST_LINE);
        }
        if (end - from < CRLF_LENGTH) {
            return UNFINISHED;
        }
        if (buffer.getByte(from + 1) != '\n') {
            return refuse(Refusal.BAD_REQUEST_LINE);
        }
        emptyLines++;
        return from + CRLF_LENGTH;
    }

    /** RFC 9112, 3: method SP request-target SP HTTP-version CRLF, with exactly these two spaces. */
    private int requestLine(final UnsafeBuffer buffer, final int start, final int from, final int end) {
        final int bound = from + maxRequestLineBytes + CRLF_LENGTH;
        final int stop = Math.min(end, bound);

        int i = from;
        while (i < stop && HttpBytes.isToken(buffer.getByte(i))) {
            i++;
            if (i - from > MAX_METHOD_LENGTH) {
                // RFC 9112, 3: a method longer than any that is implemented.
                return refuse(Refusal.METHOD_TOO_LONG);
            }
        }
        if (i == stop) {
            return UNFINISHED;
        }
        if (i == from || buffer.getByte(i) != ' ') {
            return refuse(Refusal.BAD_REQUEST_LINE);
        }
        final int methodEnd = i;

        final int target = i + 1;
        int query = -1;
        i = HttpBytes.skipTarget(buffer, target, stop);
        while (i < stop && buffer.getByte(i) == '?') {
            query = query < 0 ? i + 1 : query;
            i = HttpBytes.skipTarget(buffer, i + 1, stop);
        }
        if (i == stop) {
            return unfinished(stop == bound, Refusal.URI_TOO_LONG);
        }
        if (i == target || buffer.getByte(i) != ' ') {
            return refuse(Refusal.BAD_REQUEST_LINE);
        }
        final int targetEnd = i;

        final int version = i + 1;
        final int lineEnd = version + VERSION_LENGTH;
        if (lineEnd + CRLF_LENGTH > stop
                || buffer.getLong(version, LITTLE_ENDIAN) != HTTP_1_1
                || buffer.getShort(lineEnd, LITTLE_ENDIAN) != CRLF) {
            final int other = otherVersion(buffer, version, stop, bound);
            if (other < 0) {
                return other;
            }
        }
        head.method = Methods.of(buffer, from, methodEnd - from);
        if (!Targets.read(head, buffer, start, target, targetEnd, query)) {
            return refuse(Refusal.BAD_TARGET);
        }
        state = State.FIELDS;
        fieldsStart = lineEnd + CRLF_LENGTH - start;
        return lineEnd + CRLF_LENGTH;
    }

    /** RFC 9112, 2.3: "HTTP/" DIGIT "." DIGIT. A higher minor version is served as 1.1 (RFC 9110, 2.5). */
    private int otherVersion(final UnsafeBuffer buffer, final int from, final int stop, final int bound) {
        final int length = Math.min(stop - from, VERSION_LENGTH + CRLF_LENGTH);
        for (int i = 0; i < length; i++) {
            final byte b = buffer.getByte(from + i);
            final boolean digit = i == 5 || i == 7;
            final boolean expected = digit ? HttpBytes.isDigit(b) : b == VERSION_FORM[i];
            if (!expected) {
                return refuse(Refusal.BAD_REQUEST_LINE);
            }
        }
        if (length < VERSION_LENGTH + CRLF_LENGTH) {
            return unfinished(stop == bound, Refusal.URI_TOO_LONG);
        }
        if (buffer.getByte(from + 5) != '1') {
            return refuse(Refusal.VERSION_NOT_SUPPORTED);
        }
        head.http10 = buffer.getByte(from + 7) == '0';
        return from;
    }

    /** RFC 9112, 5: field-name ":" OWS field-value OWS CRLF, or the empty line that ends the head. */
    private int fieldLine(final UnsafeBuffer buffer, final int start, final int from, final int end) {
        final int bound = start + fieldsStart + maxFieldBytes;
        final int stop = Math.min(end, bound);
        if (from >= stop) {
            return unfinished(stop == bound, Refusal.FIELDS_TOO_LARGE);
        }
        if (buffer.getByte(from) == '\r') {
            return lastLine(buffer, start, from, stop, bound);
        }
        if (fieldCount == maxFieldCount) {
            return refuse(Refusal.FIELDS_TOO_LARGE);
        }
        int i = HttpBytes.skipToken(buffer, from, stop);
        if (i == stop) {
            return unfinished(stop == bound, Refusal.FIELDS_TOO_LARGE);
        }
        // RFC 9112, 5.1 and 5.2: no space before the colon, no folding, and so none at the start of a line.
        if (i == from || buffer.getByte(i) != ':') {
            return refuse(Refusal.BAD_FIELD);
        }
        final int nameEnd = i;
        i = HttpBytes.skipText(buffer, i + 1, stop);
        if (i == stop) {
            return unfinished(stop == bound, Refusal.FIELDS_TOO_LARGE);
        }
        // RFC 9112, 2.2: a bare CR is refused, and so are LF alone, NUL and every other control byte.
        if (buffer.getByte(i) != '\r') {
            return refuse(Refusal.BAD_FIELD);
        }
        if (i + 1 == stop) {
            return unfinished(stop == bound, Refusal.FIELDS_TOO_LARGE);
        }
        if (buffer.getByte(i + 1) != '\n') {
            return refuse(Refusal.BAD_FIELD);
        }
        final int value = FieldReader.skipSpace(buffer, nameEnd + 1, i);
        final int valueEnd = FieldReader.trimSpace(buffer, value, i);
        final Refusal refused = FieldReader.read(head, buffer, start, from, nameEnd - from, value, valueEnd - value);
        if (refused != null) {
            return refuse(refused);
        }
        fieldCount++;
        return i + CRLF_LENGTH;
    }

    private int lastLine(final UnsafeBuffer buffer, final int start, final int from, final int stop, final int bound) {
        if (from + 1 == stop) {
            return unfinished(stop == bound, Refusal.FIELDS_TOO_LARGE);
        }
        if (buffer.getByte(from + 1) != '\n') {
            return refuse(Refusal.BAD_FIELD);
        }
        head.length = from + CRLF_LENGTH - start;
        return from + CRLF_LENGTH;
    }

    private Outcome complete() {
        refusal = check();
        return refusal == null ? Outcome.COMPLETE : Outcome.REFUSED;
    }

    private Refusal check() {
        // RFC 9112, 3.2: exactly one Host in HTTP/1.1; in HTTP/1.0 at most one.
        if (head.hosts > 1 || (head.hosts == 1 ? !head.hostValid : !head.http10)) {
            return Refusal.BAD_HOST;
        }
        // RFC 9112, 6.1: both lengths at once, or chunks in HTTP/1.0, are how requests are smuggled.
        if (head.chunked && (head.contentLength >= 0 || head.http10)) {
            return Refusal.BAD_TRANSFER_ENCODING;
        }
        return head.contentLength > maxBodyBytes ? Refusal.BODY_TOO_LARGE : null;
    }

    private int unfinished(final boolean bounded, final Refusal tooLong) {
        return bounded ? refuse(tooLong) : UNFINISHED;
    }

    private int refuse(final Refusal reason) {
        refusal = reason;
        return REFUSED;
    }
}
