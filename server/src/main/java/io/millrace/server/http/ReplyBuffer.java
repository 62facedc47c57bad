package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Counters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.agrona.DirectBuffer;

/**
 * Gathers the replies to one read of one connection in one buffer, which leaves by one write.
 *
 * <p>Equal replies in a row, which is what pipelined pixels get, are only counted, and leave as one slice of a prebuilt run
 * of them: no byte is copied. Where other bytes stand before or behind them, the run is copied at once.
 *
 * <p>Not thread-safe: one per event loop, used by one connection at a time. Takes a pooled buffer or slice per read.
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
            "Access-Control-Expose-Headers: X-Event-Status, X-Ack, Retry-After",
            ""));
    private static final byte[] VARY_ORIGIN = ascii("Vary: Origin\r\n");
    private static final byte[] RETRY_AFTER = ascii("Retry-After: ");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] CRLF = ascii("\r\n");

    private static final int INITIAL_CAPACITY = 2048;

    private final Replies replies;
    private final Counters<IngestCounter> counters;
    private ByteBufAllocator allocator;
    private ByteBuf out;
    private Outbox outbox;
    private int count;
    private CannedReply runReply;
    private int runCount;

    /** Whether the reply to come is like any other of its kind: nothing is put in, nothing left out, and it does not wait. */
    private boolean plain;

    private AckLevel awaited;
    private long awaitedSequence;
    private boolean headOnly;
    private byte[] connectionField;
    private boolean crossOrigin;
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

    /**
     * Begins to gather, behind what was gathered before if that is not null.
     *
     * @param outbox is told which replies wait
     */
    void open(final ByteBufAllocator allocator, final ByteBuf before, final Outbox outbox) {
        this.allocator = allocator;
        this.outbox = outbox;
        out = before;
        count = 0;
    }

    /** The reply to come is for this request, of whose head there may be a part only. */
    void begin(final RequestHead head, final DirectBuffer buffer, final int start, final boolean close) {
        headOnly = head.method() == Method.HEAD;
        connectionField = close ? CLOSE : head.http10 ? KEEP_ALIVE : null;
        origin = buffer;
        originOffset = start + head.originOffset;
        crossOrigin = head.originLength > 0;
        originLength =
                crossOrigin && replies.cors().allows(buffer, originOffset, head.originLength) ? head.originLength : 0;
        plain = connectionField == null && !crossOrigin && !headOnly;
        awaited = null;
    }

    /** The reply to come is to wait until the event has reached that level. */
    public void await(final AckLevel level, final long sequence) {
        awaited = level;
        awaitedSequence = sequence;
        plain = false;
    }

    /** RFC 9110, 15.2.1: an interim reply. */
    void interim() {
        writable().writeBytes(CONTINUE);
    }

    public void refuse(final Refusal refusal) {
        send(replies.of(refusal));
    }

    /** Refuses, and says when to come back. */
    public void refuse(final Refusal refusal, final int retryAfterSeconds) {
        send(replies.of(refusal), retryAfterSeconds);
    }

    /** Sends a canned reply. */
    public void send(final CannedReply reply) {
        if (!plain) {
            send(reply, 0);
            return;
        }
        if (reply != runReply) {
            endRun();
            runReply = reply;
        }
        runCount++;
    }

    /**
     * Sends a reply that says when to come back.
     *
     * @param retryAfterSeconds left out if it is zero
     */
    public void send(final CannedReply reply, final int retryAfterSeconds) {
        final int end = reply.fieldsEnd;
        final ByteBuf out = writable();
        final int start = out.writerIndex();
        out.writeBytes(reply.bytes, 0, end);
        if (retryAfterSeconds > 0) {
            out.writeBytes(RETRY_AFTER);
            writeDecimal(out, retryAfterSeconds);
            out.writeBytes(CRLF);
        }
        connectionFields(out);
        out.writeBytes(reply.bytes, end, headOnly ? CRLF.length : reply.bytes.length - end);
        counted(reply, 1);
        if (awaited != null) {
            hold(start, end, reply.json);
        }
    }

    /** Sends a reply with a body made for it. */
    public void json(final CannedReply open, final byte[] body, final int length) {
        final ByteBuf out = writable();
        final int start = out.writerIndex();
        out.writeBytes(open.bytes, 0, open.fieldsEnd);
        out.writeBytes(CONTENT_LENGTH);
        writeDecimal(out, length);
        out.writeBytes(CRLF);
        final int lengthFieldEnd = out.writerIndex() - start;
        connectionFields(out);
        out.writeBytes(CRLF);
        if (!headOnly) {
            out.writeBytes(body, 0, length);
        }
        counted(open, 1);
        if (awaited != null) {
            hold(start, lengthFieldEnd, true);
        }
    }

    private void hold(final int start, final int lengthFieldEnd, final boolean json) {
        // Counted again when it leaves.
        count--;
        final int from = out.readerIndex();
        outbox.hold(awaited, awaitedSequence, start - from, out.writerIndex() - from, lengthFieldEnd, json);
    }

    /** How many replies that do not wait were gathered since {@link #open}; to be asked behind {@link #take}. */
    int count() {
        return count;
    }

    /** Hands over the buffer, or null if nothing was written; whoever takes it releases it. */
    ByteBuf take() {
        if (out == null && runCount > 0 && runCount <= CannedReply.MAX_RUN) {
            out = runReply.run(allocator, runCount);
            counted(runReply, runCount);
            runCount = 0;
        }
        endRun();
        final ByteBuf taken = out;
        out = null;
        outbox = null;
        origin = null;
        return taken;
    }

    /** Where other bytes than those of a run go. */
    private ByteBuf writable() {
        endRun();
        return buffer();
    }

    private void endRun() {
        if (runCount > 0) {
            runReply.append(buffer(), runCount);
            counted(runReply, runCount);
            runCount = 0;
        }
        runReply = null;
    }

    private ByteBuf buffer() {
        if (out == null) {
            out = allocator.directBuffer(INITIAL_CAPACITY);
        } else if (out.maxWritableBytes() == 0) {
            // A slice from the read before: nothing can be put behind it.
            final ByteBuf slice = out;
            out = allocator.directBuffer(slice.readableBytes() + INITIAL_CAPACITY);
            out.writeBytes(slice);
            slice.release();
        }
        return out;
    }

    private void counted(final CannedReply reply, final int replies) {
        count += replies;
        counters.add(IngestCounter.ofStatus(reply.status), replies);
    }

    private void connectionFields(final ByteBuf out) {
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
        if (crossOrigin) {
            out.writeBytes(VARY_ORIGIN);
        }
    }

    private static void writeDecimal(final ByteBuf out, final int number) {
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
