package io.millrace.server.http;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The parser of a request's head: a state machine over the bytes in place, line by line.
 *
 * <p>The bytes of a request may come in any pieces; each call is given all of them so far. Lines that have ended are not
 * looked at again; one that has not is, from its start, at the cost of a scan of at most its limit for each read. So what
 * is known after so many bytes does not depend on how they were split, and a refusal comes at the same byte. All of them
 * leave the framing in doubt, and close the connection.
 *
 * <p>A head that is whole at the first call, nearly every one, passes without its state being written: a reference that is
 * stored costs the collector's barriers, which {@code RequestBenchmark} shows.
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
    private final HeadScanner scanner = new HeadScanner();
    private final KnownFields known = new KnownFields();

    private final int maxRequestLineBytes;
    private final int maxFieldBytes;
    private final int maxFieldCount;
    private final int maxBodyBytes;

    private State state = State.EMPTY_LINES;
    private int line;
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
        if (state != State.EMPTY_LINES) {
            state = State.EMPTY_LINES;
        }
        line = 0;
        fieldCount = 0;
        emptyLines = 0;
    }

    /** What is known of the request; all of it when the head is {@linkplain Outcome#COMPLETE whole}. */
    public RequestHead head() {
        return head;
    }

    /** Whether anything but empty lines has come. */
    boolean begun() {
        return state != State.EMPTY_LINES;
    }

    /** Why the request was {@linkplain Outcome#REFUSED refused}. */
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
        int next = start + line;
        if (state == State.EMPTY_LINES) {
            next = emptyLines(buffer, start, next, end);
        }
        if (state != State.FIELDS && next >= 0) {
            next = requestLine(buffer, start, next, end);
        }
        if (next >= 0) {
            next = fields(buffer, start, next, end);
        }
        if (next >= 0) {
            return complete();
        }
        return next == UNFINISHED ? Outcome.INCOMPLETE : Outcome.REFUSED;
    }

    /** RFC 9112, 2.2: empty lines before the request line are ignored, here up to a bound. */
    private int emptyLines(final UnsafeBuffer buffer, final int start, final int from, final int end) {
        int i = from;
        while (true) {
            if (i == end) {
                return suspend(State.EMPTY_LINES, i - start);
            }
            if (buffer.getByte(i) != '\r') {
                return i;
            }
            if (emptyLines == MAX_EMPTY_LINES) {
                return refuse(Refusal.BAD_REQUEST_LINE);
            }
            if (end - i < CRLF_LENGTH) {
                return suspend(State.EMPTY_LINES, i - start);
            }
            if (buffer.getByte(i + 1) != '\n') {
                return refuse(Refusal.BAD_REQUEST_LINE);
            }
            emptyLines++;
            i += CRLF_LENGTH;
        }
    }

    /** RFC 9112, 3: method SP request-target SP HTTP-version CRLF, with exactly these two spaces. */
    private int requestLine(final UnsafeBuffer buffer, final int start, final int from, final int end) {
        final int bound = from + maxRequestLineBytes + CRLF_LENGTH;
        final int stop = Math.min(end, bound);
        final boolean bounded = stop == bound;

        final int methodEnd = method(buffer, from, stop);
        if (methodEnd < 0) {
            return methodEnd == UNFINISHED ? suspend(State.REQUEST_LINE, from - start) : REFUSED;
        }

        final int target = methodEnd + 1;
        final int targetEnd = HeadScanner.skipTarget(buffer, target, stop);
        if (targetEnd == stop) {
            return bounded ? refuse(Refusal.URI_TOO_LONG) : suspend(State.REQUEST_LINE, from - start);
        }
        if (targetEnd == target || buffer.getByte(targetEnd) != ' ') {
            return refuse(Refusal.BAD_REQUEST_LINE);
        }

        final int version = targetEnd + 1;
        final int lineEnd = version + VERSION_LENGTH;
        if (lineEnd + CRLF_LENGTH > stop
                || buffer.getLong(version, LITTLE_ENDIAN) != HTTP_1_1
                || buffer.getShort(lineEnd, LITTLE_ENDIAN) != CRLF) {
            final int other = otherVersion(buffer, version, stop, bounded);
            if (other < 0) {
                return other == UNFINISHED ? suspend(State.REQUEST_LINE, from - start) : REFUSED;
            }
        }
        if (!Targets.read(head, buffer, start, target, targetEnd)) {
            return refuse(Refusal.BAD_TARGET);
        }
        fieldsStart = lineEnd + CRLF_LENGTH - start;
        return lineEnd + CRLF_LENGTH;
    }

    /** The index of the space behind the method: RFC 9112, 3.1. */
    private int method(final UnsafeBuffer buffer, final int from, final int stop) {
        if (stop - from >= Long.BYTES) {
            final Method common = Methods.common(buffer.getLong(from, LITTLE_ENDIAN));
            if (common != null) {
                head.method(common);
                return from + common.length();
            }
        }
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
        head.method(Methods.of(buffer, from, i - from));
        return i;
    }

    /** RFC 9112, 2.3: "HTTP/" DIGIT "." DIGIT. A higher minor version is served as 1.1 (RFC 9110, 2.5). */
    private int otherVersion(final UnsafeBuffer buffer, final int from, final int stop, final boolean bounded) {
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
            return bounded ? refuse(Refusal.URI_TOO_LONG) : UNFINISHED;
        }
        if (buffer.getByte(from + 5) != '1') {
            return refuse(Refusal.VERSION_NOT_SUPPORTED);
        }
        head.http10 = buffer.getByte(from + 7) == '0';
        return from;
    }

    /** The fields as a whole, if they are known, or line by line. */
    private int fields(final UnsafeBuffer buffer, final int start, final int from, final int end) {
        if (state != State.FIELDS) {
            final int headEnd = known.recognize(head, buffer, start, from, end);
            if (headEnd >= 0) {
                head.length = headEnd - start;
                return headEnd;
            }
        }
        final int headEnd = fieldLines(buffer, start, from, end);
        if (headEnd >= 0) {
            known.learn(head, buffer, start, start + fieldsStart, headEnd);
        }
        return headEnd;
    }

    /** RFC 9112, 5: lines of field-name ":" OWS field-value OWS CRLF, up to the empty line that ends the head. */
    private int fieldLines(final UnsafeBuffer buffer, final int start, final int from, final int end) {
        final int bound = start + fieldsStart + maxFieldBytes;
        final int stop = Math.min(end, bound);
        int count = fieldCount;
        int i = from;
        while (true) {
            int lineEnd = scanner.fieldLine(buffer, i, stop);
            int nameLength = scanner.nameLength();
            int first = scanner.firstByte();
            if (lineEnd == HeadScanner.UNCOMMON || count == maxFieldCount) {
                lineEnd = HttpBytes.skipText(buffer, i, stop);
                final boolean ended = lineEnd < stop - 1 && buffer.getShort(lineEnd, LITTLE_ENDIAN) == CRLF;
                if (ended && lineEnd == i) {
                    head.length = i + CRLF_LENGTH - start;
                    return i + CRLF_LENGTH;
                }
                final int nameEnd = HttpBytes.skipToken(buffer, i, stop);
                if (!ended || count == maxFieldCount || nameEnd == i || buffer.getByte(nameEnd) != ':') {
                    fieldCount = count;
                    return noField(buffer, start, i, nameEnd, lineEnd, stop, stop == bound);
                }
                nameLength = nameEnd - i;
                first = buffer.getByte(i);
            }
            count++;
            if (FieldReader.concerns(nameLength, first)) {
                final Refusal refused = FieldReader.read(head, buffer, start, i, nameLength, lineEnd);
                if (refused != null) {
                    return refuse(refused);
                }
            }
            i = lineEnd + CRLF_LENGTH;
        }
    }

    /** What is wrong with the line at {@code from}, or that it has not ended. */
    private int noField(
            final UnsafeBuffer buffer,
            final int start,
            final int from,
            final int nameEnd,
            final int lineEnd,
            final int stop,
            final boolean bounded) {
        // RFC 9112, 2.2: a bare CR is refused, and so are LF alone, NUL and every other control byte.
        final boolean cut = lineEnd == stop || (lineEnd + 1 == stop && buffer.getByte(lineEnd) == '\r');
        final boolean last = from < stop && buffer.getByte(from) == '\r';
        if (!last && from < stop) {
            if (fieldCount == maxFieldCount) {
                return refuse(Refusal.FIELDS_TOO_LARGE);
            }
            // RFC 9112, 5.1 and 5.2: no space before the colon, no folding, and so none at the start of a line.
            if (nameEnd == from || (nameEnd < stop && buffer.getByte(nameEnd) != ':')) {
                return refuse(Refusal.BAD_FIELD);
            }
        }
        if (!cut) {
            return refuse(Refusal.BAD_FIELD);
        }
        return bounded ? refuse(Refusal.FIELDS_TOO_LARGE) : suspend(State.FIELDS, from - start);
    }

    private Outcome complete() {
        final Refusal found = check();
        if (found == null) {
            return Outcome.COMPLETE;
        }
        refusal = found;
        return Outcome.REFUSED;
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

    /** More bytes are needed, from the line on that begins at {@code newLine}. */
    private int suspend(final State newState, final int newLine) {
        state = newState;
        line = newLine;
        return UNFINISHED;
    }

    private int refuse(final Refusal reason) {
        refusal = reason;
        return REFUSED;
    }
}
