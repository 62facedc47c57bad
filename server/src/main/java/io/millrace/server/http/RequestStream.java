package io.millrace.server.http;

import io.netty.buffer.ByteBufAllocator;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The requests of one connection, cut out of its bytes and answered in their order.
 *
 * <p>A request that lies whole in what was read is answered in place. Otherwise what there is of it is collected, and the
 * bytes of its body are added as they come. A request that is refused by its head is answered when its body has passed,
 * so that the next one begins where it should; if its framing is in doubt, or its body may never come because the client
 * awaits {@code 100 Continue}, it is answered at once and is the last.
 *
 * <p>Belongs to the connection's event loop. Knows no sockets: bytes in, replies into the loop's {@link ReplyBuffer}.
 */
final class RequestStream {
    private enum Phase {
        HEAD,
        BODY,
        CHUNKS,
        CLOSING
    }

    /** Nothing more can be taken from these bytes: they are collected, or the connection closes. */
    private static final int STOP = -1;

    private final HttpLoop loop;
    private final RequestParser parser;
    private final ChunkedDecoder chunks;
    private final Accumulator collected;

    private Phase phase = Phase.HEAD;
    private Refusal pending;
    /** What is left of a request that was shed; null otherwise. */
    private UnsafeBuffer remains;

    private int remaining;
    private boolean progress;

    RequestStream(final HttpLoop loop, final ByteBufAllocator allocator) {
        this.loop = loop;
        parser = new RequestParser(loop.limits);
        chunks = new ChunkedDecoder(loop.limits);
        collected = new Accumulator(allocator, loop.budget, loop.limits.requestBytes());
    }

    /** Whether the last reply was given, and nothing more is to be read. */
    boolean closing() {
        return phase == Phase.CLOSING;
    }

    /** Whether a request was answered since the last call. */
    boolean takeProgress() {
        final boolean taken = progress;
        progress = false;
        return taken;
    }

    /** What has to come next. */
    DeadlineList waitsIn() {
        if (phase == Phase.HEAD) {
            return parser.begun() ? loop.inHead : loop.idle;
        }
        return loop.inBody;
    }

    /** Takes nothing more; what is incomplete stays unanswered. */
    void abandon() {
        phase = Phase.CLOSING;
        collected.clear();
    }

    /** Refuses the request that is under way, or to come, and ends the stream. */
    void refuse(final Refusal refusal) {
        refuse(refusal, own(), 0);
    }

    /** Takes the bytes from 0 to {@code length}. */
    void receive(final UnsafeBuffer buffer, final int length) {
        if (phase == Phase.HEAD && collected.length() > 0) {
            if (collected.tryAppend(buffer, 0, length)) {
                answerAll(collected.view(), 0, collected.length(), true);
            } else {
                refuse(Refusal.TOO_BUSY);
            }
            return;
        }
        int from = 0;
        if (phase == Phase.BODY) {
            from = resumeBody(buffer, length);
        } else if (phase == Phase.CHUNKS) {
            from = resumeChunks(buffer, length);
        }
        if (phase == Phase.HEAD) {
            answerAll(buffer, from, length, false);
        }
    }

    /** Answers every request that is complete, and keeps what is left. */
    private void answerAll(final UnsafeBuffer buffer, final int from, final int end, final boolean own) {
        int start = from;
        while (start < end) {
            final RequestParser.Outcome outcome = parser.parse(buffer, start, end);
            if (outcome == RequestParser.Outcome.INCOMPLETE) {
                if (!keep(buffer, start, end, own)) {
                    refuse(Refusal.TOO_BUSY, buffer, start);
                }
                return;
            }
            if (outcome == RequestParser.Outcome.REFUSED) {
                refuse(parser.refusal(), buffer, start);
                return;
            }
            start = answerOne(buffer, start, end, own);
            if (start == STOP) {
                return;
            }
        }
        if (own) {
            collected.clear();
        }
    }

    /** Answers the request whose head is complete. Returns the index behind it, or {@link #STOP}. */
    private int answerOne(final UnsafeBuffer buffer, final int start, final int end, final boolean own) {
        final RequestHead head = parser.head;
        final int body = start + head.length;
        final Refusal refusal = loop.endpoint.admit(head, buffer, start);
        if (!head.hasBody()) {
            return answer(buffer, start, body, 0, refusal) ? body : STOP;
        }
        if (head.expects()) {
            if (refusal != null) {
                // RFC 9110, 10.1.1: the client may send its body after that reply, or another request.
                refuse(refusal, buffer, start);
                return STOP;
            }
            loop.replyBuffer.interim();
        }
        if (head.chunked) {
            return answerChunked(buffer, start, end, own, refusal);
        }
        final int length = (int) head.contentLength;
        if (end - body >= length) {
            return answer(buffer, start, body, length, refusal) ? body + length : STOP;
        }
        phase = Phase.BODY;
        pending = refusal;
        remaining = length - (end - body);
        collect(buffer, start, refusal == null ? end : body, own);
        return STOP;
    }

    private int answerChunked(
            final UnsafeBuffer buffer, final int start, final int end, final boolean own, final Refusal refusal) {
        final int body = start + parser.head.length;
        chunks.reset();
        final int next = chunks.decode(buffer, body, end, refusal == null ? buffer : null, body);
        if (chunks.refusal() != null) {
            refuse(chunks.refusal(), buffer, start);
            return STOP;
        }
        if (chunks.complete()) {
            return answer(buffer, start, body, chunks.decodedBytes(), refusal) ? next : STOP;
        }
        phase = Phase.CHUNKS;
        pending = refusal;
        collect(buffer, start, refusal == null ? body + chunks.decodedBytes() : body, own);
        return STOP;
    }

    /** Returns the index behind the body's end, or {@code length} if it has not come. */
    private int resumeBody(final UnsafeBuffer buffer, final int length) {
        final int taken = Math.min(remaining, length);
        if (pending == null && !collected.tryAppend(buffer, 0, taken)) {
            shed(collected.view(), 0);
        }
        remaining -= taken;
        if (remaining == 0) {
            finish((int) parser.head.contentLength);
        }
        return taken;
    }

    private int resumeChunks(final UnsafeBuffer buffer, final int length) {
        if (pending == null && !collected.tryReserve(length)) {
            shed(collected.view(), 0);
        }
        final UnsafeBuffer target = pending == null ? collected.view() : null;
        final int body = parser.head.length;
        final int taken = chunks.decode(buffer, 0, length, target, body);
        if (chunks.refusal() != null) {
            refuse(chunks.refusal());
            return length;
        }
        if (target != null) {
            collected.length(body + chunks.decodedBytes());
        }
        if (chunks.complete()) {
            finish(chunks.decodedBytes());
        }
        return taken;
    }

    private void finish(final int bodyLength) {
        phase = Phase.HEAD;
        answer(own(), 0, parser.head.length, bodyLength, pending);
        pending = null;
        remains = null;
        collected.clear();
    }

    private boolean keep(final UnsafeBuffer buffer, final int from, final int to, final boolean own) {
        if (own) {
            collected.keep(from, to);
            return true;
        }
        return collected.tryAppend(buffer, from, to - from);
    }

    private void collect(final UnsafeBuffer buffer, final int from, final int to, final boolean own) {
        if (!keep(buffer, from, to, own)) {
            shed(buffer, from);
        }
    }

    /** No memory for this body: it passes unread, and the request is refused at its end. */
    private void shed(final UnsafeBuffer buffer, final int start) {
        pending = pending == null ? Refusal.OVERLOADED : pending;
        remains = parser.head.forgetBytes(buffer, start);
        collected.clear();
    }

    /** Where the bytes of the request under way are, its first at 0. */
    private UnsafeBuffer own() {
        return remains == null ? collected.view() : remains;
    }

    /** Writes the reply; false if it is the last one. */
    private boolean answer(
            final UnsafeBuffer buffer, final int start, final int body, final int length, final Refusal refusal) {
        final RequestHead head = parser.head;
        final boolean last = !head.persistent() || loop.draining() || (refusal != null && refusal.closes());
        loop.replyBuffer.begin(head, buffer, start, last);
        if (refusal == null) {
            loop.endpoint.handle(head, buffer, start, body, length, loop.replyBuffer);
        } else {
            write(refusal);
        }
        parser.reset();
        progress = true;
        if (last) {
            abandon();
        }
        return !last;
    }

    private void refuse(final Refusal refusal, final UnsafeBuffer buffer, final int start) {
        loop.replyBuffer.begin(parser.head, buffer, start, true);
        write(refusal);
        abandon();
    }

    private void write(final Refusal refusal) {
        loop.counters.increment(IngestCounter.OTHER_REQUESTS);
        if (refusal.status() == 503) {
            loop.counters.increment(IngestCounter.REQUESTS_SHED);
            loop.replyBuffer.refuse(refusal, loop.endpoint.retryAfterSeconds());
        } else {
            loop.replyBuffer.refuse(refusal);
        }
    }
}
