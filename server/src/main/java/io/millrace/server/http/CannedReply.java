package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * One reply, encoded once. The connection's own fields are put in at {@link #fieldsEnd}; the date is rewritten once a
 * second. For the replies that many requests in a row get there is a run of it, of which any number leave as one slice.
 *
 * <p>Not thread-safe: each event loop has its own.
 */
public final class CannedReply {
    private static final String DATE = "Date: ";

    /** The most replies that one slice can hold. */
    static final int MAX_RUN = 64;

    final int status;
    final byte[] bytes;
    /** Where the empty line before the body begins. */
    final int fieldsEnd;
    /** Whether the body is a JSON object. */
    final boolean json;

    private final int dateOffset;
    /** The reply again and again, or null until it is asked for with the date of this second. */
    private ByteBuf run;

    /**
     * Encodes a reply.
     *
     * @param fields lines for the head, each with its CRLF
     */
    CannedReply(final int status, final String fields, final byte[] body) {
        this.status = status;
        json = body.length > 0 && body[body.length - 1] == '}';
        final String begin = "HTTP/1.1 " + status + ' ' + reason(status) + "\r\n" + DATE;
        dateOffset = begin.length();
        final byte[] head = (begin + ReplyDate.PLACEHOLDER + "\r\n" + fields).getBytes(US_ASCII);
        fieldsEnd = head.length;
        bytes = new byte[head.length + 2 + body.length];
        System.arraycopy(head, 0, bytes, 0, head.length);
        bytes[fieldsEnd] = '\r';
        bytes[fieldsEnd + 1] = '\n';
        System.arraycopy(body, 0, bytes, fieldsEnd + 2, body.length);
    }

    void date(final byte[] date) {
        System.arraycopy(date, 0, bytes, dateOffset, date.length);
        // Slices of it may not have left yet: their date must not change under them.
        releaseRun();
    }

    /** The reply {@code count} times, at most {@link #MAX_RUN}; whoever takes the slice releases it. */
    ByteBuf run(final ByteBufAllocator allocator, final int count) {
        return run(allocator).retainedSlice(0, count * bytes.length);
    }

    /** Appends the reply {@code count} times. */
    void append(final ByteBuf out, final int count) {
        int left = count;
        if (left > 1) {
            final ByteBuf run = run(out.alloc());
            for (; left > MAX_RUN; left -= MAX_RUN) {
                out.writeBytes(run, 0, MAX_RUN * bytes.length);
            }
            out.writeBytes(run, 0, left * bytes.length);
        } else {
            out.writeBytes(bytes);
        }
    }

    private ByteBuf run(final ByteBufAllocator allocator) {
        if (run == null) {
            run = allocator.directBuffer(MAX_RUN * bytes.length);
            for (int i = 0; i < MAX_RUN; i++) {
                run.writeBytes(bytes);
            }
        }
        return run;
    }

    /** Gives the memory of the run back; the next use makes another. */
    void releaseRun() {
        if (run != null) {
            run.release();
            run = null;
        }
    }

    /** RFC 9110, 15. */
    private static String reason(final int status) {
        return switch (status) {
            case 200 -> "OK";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 304 -> "Not Modified";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 411 -> "Length Required";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 417 -> "Expectation Failed";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            default -> throw new IllegalArgumentException("no reply has status " + status);
        };
    }
}
