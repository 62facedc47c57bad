package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * One reply, encoded once. The connection's own fields are put in at {@link #fieldsEnd}; the date is rewritten in place
 * once a second.
 *
 * <p>Not thread-safe: each event loop has its own.
 */
public final class CannedReply {
    private static final String DATE = "Date: ";

    final int status;
    final byte[] bytes;
    /** Where the empty line before the body begins. */
    final int fieldsEnd;

    private final int dateOffset;

    /**
     * Encodes a reply.
     *
     * @param fields lines for the head, each with its CRLF
     */
    CannedReply(final int status, final String fields, final byte[] body) {
        this.status = status;
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
    }

    /** RFC 9110, 15. */
    private static String reason(final int status) {
        return switch (status) {
            case 200 -> "OK";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
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
