package io.millrace.server.http;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The fields of an earlier request of the connection, byte for byte, and what they came to. A client that keeps its
 * connection mostly sends the same fields with each request; they need no parsing again.
 *
 * <p>That this gives what parsing would give:
 *
 * <ol>
 *   <li>What the field lines come to depends on their bytes, the first to the last CRLF, and on the limits, which do not
 *       change; on nothing before them, neither method nor version. Only offsets move with the first byte.
 *   <li>They are learned only when they were parsed whole and without a refusal, and recognized only if all of them are
 *       there. Their last bytes are the only empty line in them, so parsing would have ended there too.
 *   <li>What follows from the fields together with the request line is judged anew for each request.
 * </ol>
 *
 * <p>If the lengths agree, all bytes are compared, wherever they differ first: the time tells nothing of the secrets in them.
 * Where the fields differ each time, learning is tried less and less often.
 *
 * <p>Not thread-safe: one per connection. Allocates when a connection's second request is learned, and when longer ones are.
 */
final class KnownFields {
    /** Longer ones are parsed each time, and so is no field at all. */
    private static final int MAX_LENGTH = 2048;

    private static final int MIN_LENGTH = 2 * Integer.BYTES;
    private static final int CRLF_CRLF = 0x0A0D0A0D;

    private static final int MAX_PAUSE = 64;

    private final RequestHead facts = new RequestHead();
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private int length;
    private int fieldsStart;
    private int requestsToSkip = 1;
    private int pause = 1;

    /**
     * Takes the fields into the head if they are the ones known.
     *
     * @param start the request's first byte
     * @param from the first byte of the fields
     * @return the index behind the last byte of the head, or -1 if they have to be parsed
     */
    int recognize(final RequestHead head, final UnsafeBuffer buffer, final int start, final int from, final int end) {
        if (length == 0
                || end - from < length
                || buffer.getInt(from + length - Integer.BYTES, LITTLE_ENDIAN) != CRLF_CRLF
                || !HeadScanner.equal(buffer, from, bytes, 0, length)) {
            return -1;
        }
        head.takeFields(facts, from - start - fieldsStart);
        pause = 1;
        return from + length;
    }

    /**
     * Remembers fields that were parsed, if it is time to try.
     *
     * @param from the first byte of the fields
     * @param to the index behind the empty line that ends them
     */
    void learn(final RequestHead head, final UnsafeBuffer buffer, final int start, final int from, final int to) {
        if (requestsToSkip > 0) {
            requestsToSkip--;
            return;
        }
        requestsToSkip = pause - 1;
        pause = Math.min(pause * 2, MAX_PAUSE);
        length = to - from < MIN_LENGTH || to - from > MAX_LENGTH ? 0 : to - from;
        if (length > bytes.capacity()) {
            bytes.wrap(new byte[length + (length >> 2)]);
        }
        bytes.putBytes(0, buffer, from, length);
        facts.takeFields(head, 0);
        fieldsStart = from - start;
    }
}
