package io.millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;

/**
 * What a generator has to know of a reply's head (RFC 9112, 4 and 6.3).
 *
 * @param status of the reply
 * @param bodyBytes that follow the head
 * @param keepAlive whether the connection stays
 * @param eventRejected whether the server says that it did not take the event of a pixel
 */
record ReplyHead(int status, long bodyBytes, boolean keepAlive, boolean eventRejected) {
    private static final int STATUS_LINE_BYTES = "HTTP/1.1 200".length();

    /** Reads a head, from its first byte to the end of its empty line. */
    static ReplyHead parse(final byte[] bytes, final int from, final int to) throws ReplyException {
        final String[] lines = new String(bytes, from, to - from, US_ASCII).split("\r\n", -1);
        final int status = status(lines[0]);
        long length = -1;
        boolean keepAlive = lines[0].startsWith("HTTP/1.1");
        boolean eventRejected = false;
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            final int colon = lines[i].indexOf(':');
            if (colon < 1) {
                throw new ReplyException("a field without a name: " + lines[i]);
            }
            final String value = lines[i].substring(colon + 1).strip();
            switch (lines[i].substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = length(value);
                case "transfer-encoding" -> throw new ReplyException("a body in the transfer coding " + value);
                case "connection" -> keepAlive = keepAlive && !value.equalsIgnoreCase("close");
                case "x-event-status" -> eventRejected = true;
                default -> {}
            }
        }
        if (status < 200 || status == 204 || status == 304) {
            length = 0;
        }
        if (length < 0) {
            throw new ReplyException("a reply without a Content-Length: " + lines[0]);
        }
        return new ReplyHead(status, length, keepAlive, eventRejected);
    }

    private static int status(final String line) throws ReplyException {
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
            throw new ReplyException("no status line: " + line);
        }
        return Integer.parseInt(line.substring(STATUS_LINE_BYTES - 3, STATUS_LINE_BYTES));
    }

    private static long length(final String value) throws ReplyException {
        if (!value.matches("[0-9]{1,18}")) {
            throw new ReplyException("no length: " + value);
        }
        return Long.parseLong(value);
    }

    /** Whether another reply to the same request follows (RFC 9110, 15.2). */
    boolean interim() {
        return status < 200;
    }
}
