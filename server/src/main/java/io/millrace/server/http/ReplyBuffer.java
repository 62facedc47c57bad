package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.pipeline.Counters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.agrona.DirectBuffer;

/**
 * Gathers the replies to one read of one connection in one buffer, which leaves by one write.
 *
 * <p>Not thread-safe: one per event loop, used by one connection at a time. Allocates a pooled buffer per read.
 */
public final class ReplyBuffer {
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] ALLOW_ORIGIN = ascii("Access-Control-Allow-Origin: ");
    private static final byte[] ALLOW_CREDENTIALS = ascii(String.join(
            "\r\n",
            "",
            "Access-Control-Allow-Credentials: true",
            "Access-Control-Expose-Headers: X-Event-Status, Retry-After",
            "Vary: Origin",
            ""));
    private static final byte[] RETRY_AFTER = ascii("Retry-After: ");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] CRLF = ascii("\r\n");

    /** A longer Origin than any browser sends is not echoed. */
    private static final int MAX_ORIGIN_LENGTH = 512;

    private static final int INITIAL_CAPACITY = 2048;

    private final Replies replies;
    private final Counters<IngestCounter> counters;
    private ByteBuf out;
    private int count;

    private boolean headOnly;
    private byte[] connectionField;
    private DirectBuffer origin;
    private int originOffset;
    private int originLength;

    ReplyBuffer(final Replies replies, final Counters<IngestCounter> counters) {
        this.replies = replies;
        this.counters = counters;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(US_ASCII);
    }

    /** Begins to gather, behind what was gathered before if that is not null. */
    void open(final ByteBufAllocator allocator, final ByteBuf before) {
        out = before == null ? allocator.directBuffer(INITIAL_CAPACITY) : before;
        count = 0;
    }

    /** The reply to come is for this request. */
    void begin(final RequestHead head, final DirectBuffer buffer, final int start, final boolean close) {
        headOnly = head.method == Method.HEAD;
        connectionField = close ? CLOSE : head.http10 ? KEEP_ALIVE : null;
        origin = buffer;
        originOffset = start + head.originOffset;
        originLength = buffer == null || head.originLength > MAX_ORIGIN_LENGTH ? 0 : head.originLength;
    }

    /** The reply to come is for a request whose head is not known, and the last. */
    void beginUnknown() {
        headOnly = false;
        connectionField = CLOSE;
        originLength = 0;
    }

    /** RFC 9110, 15.2.1: an interim reply. */
    void interim() {
        out.writeBytes(CONTINUE);
    }

    void refuse(final Refusal refusal) {
        send(replies.of(refusal));
    }

    /** Refuses, and says when to come back. */
    public void refuse(final Refusal refusal, final int retryAfterSeconds) {
        send(replies.of(refusal), retryAfterSeconds);
    }

    /** Sends a canned reply. */
    public void send(final CannedReply reply) {
        if (connectionField == null && originLength <= 0 && !headOnly) {
            counted(reply);
            out.writeBytes(reply.bytes);
        } else {
            send(reply, 0);
        }
    }

    /**
     * Sends a reply that says when to come back.
     *
     * @param retryAfterSeconds left out if it is zero
     */
    public void send(final CannedReply reply, final int retryAfterSeconds) {
        final int end = reply.fieldsEnd;
        out.writeBytes(reply.bytes, 0, end);
        if (retryAfterSeconds > 0) {
            out.writeBytes(RETRY_AFTER);
            writeDecimal(retryAfterSeconds);
            out.writeBytes(CRLF);
        }
        connectionFields();
        out.writeBytes(reply.bytes, end, headOnly ? CRLF.length : reply.bytes.length - end);
        counted(reply);
    }

    /** Sends a reply with a body made for it. */
    public void json(final CannedReply open, final byte[] body, final int length) {
        out.writeBytes(open.bytes, 0, open.fieldsEnd);
        out.writeBytes(CONTENT_LENGTH);
        writeDecimal(length);
        out.writeBytes(CRLF);
        connectionFields();
        out.writeBytes(CRLF);
        if (!headOnly) {
            out.writeBytes(body, 0, length);
        }
        counted(open);
    }

    /** How many replies were gathered since {@link #open}. */
    int count() {
        return count;
    }

    /** Hands over the buffer, or null if nothing was written; whoever takes it releases it. */
    ByteBuf take() {
        final ByteBuf taken = out;
        out = null;
        origin = null;
        if (taken != null && !taken.isReadable()) {
            taken.release();
            return null;
        }
        return taken;
    }

    private void counted(final CannedReply reply) {
        count++;
        counters.increment(IngestCounter.ofStatus(reply.status));
    }

    private void connectionFields() {
        if (connectionField != null) {
            out.writeBytes(connectionField);
        }
        if (originLength > 0) {
            // The parser let no control byte into the value: it cannot end the line.
            out.writeBytes(ALLOW_ORIGIN);
            for (int i = 0; i < originLength; i++) {
                out.writeByte(origin.getByte(originOffset + i));
            }
            out.writeBytes(ALLOW_CREDENTIALS);
        }
    }

    private void writeDecimal(final int number) {
        int unit = 1;
        while (unit <= number / 10) {
            unit *= 10;
        }
        for (int rest = number; unit > 0; unit /= 10) {
            out.writeByte('0' + rest / unit);
            rest %= unit;
        }
    }
}
