package io.millrace.bench.day;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.bench.load.EventSource;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Some requests that leave in one write: NDJSON bodies of the same length behind heads that never change. Its memory is written
 * once, and then only where events differ.
 *
 * <p>Not thread-safe. Filling allocates nothing for an event.
 */
final class Burst {
    private final EventLine line;
    private final int batch;
    private final int headLength;
    private final int requestLength;
    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;

    Burst(final EventLine line, final String authority, final int requests, final int batch) {
        this.line = line;
        this.batch = batch;
        final byte[] head = ("POST /events HTTP/1.1\r\nHost: " + authority
                        + "\r\nContent-Type: application/x-ndjson\r\nContent-Length: " + batch * line.length()
                        + "\r\n\r\n")
                .getBytes(US_ASCII);
        headLength = head.length;
        requestLength = headLength + batch * line.length();
        bytes = ByteBuffer.allocateDirect(requests * requestLength);
        buffer = new UnsafeBuffer(bytes);
        for (int request = 0; request < requests; request++) {
            buffer.putBytes(request * requestLength, head);
            for (int i = 0; i < batch; i++) {
                line.put(buffer, lines(request) + i * line.length());
            }
        }
    }

    private int lines(final int request) {
        return request * requestLength + headLength;
    }

    /** Fills a request with the next events, all of one time, and counts them. */
    void fill(final int request, final EventSource source, final long epochMillis, final DayModel.Window counts) {
        final int first = lines(request);
        for (int i = 0, at = first; i < batch; i++, at += line.length()) {
            source.next(epochMillis);
            line.set(buffer, at, source.user(), source.action(), source.element());
            counts.count(source.user(), source.action(), source.element());
        }
        line.stamp(buffer, first, batch, epochMillis);
    }

    /** The bytes of requests {@code first} to {@code last - 1}, to be written; each call moves the same buffer. */
    ByteBuffer requests(final int first, final int last) {
        return bytes.limit(last * requestLength).position(first * requestLength);
    }
}
