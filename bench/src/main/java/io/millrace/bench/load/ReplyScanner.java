package io.millrace.bench.load;

import java.util.Arrays;

/**
 * Finds the replies in what a connection receives, however it is cut.
 *
 * <pre>{@code
 *        ┌─ empty line ─► BODY ─ all bytes ─┐
 *   HEAD ┤                                  ├─► reply, HEAD
 *        └─ empty line, no body ────────────┘
 * }</pre>
 *
 * <p>Belongs to the connection's thread. Allocates nothing for heads that arrive whole and are known.
 */
public final class ReplyScanner {
    private static final int MAX_HEAD_BYTES = 16384;
    private static final int FIRST_CARRY_BYTES = 512;
    private static final byte[] NONE = {};

    private final ReplyHeads heads;
    private final Reply reply;
    /** The beginning of a head whose end has not come yet. */
    private byte[] carry = NONE;

    private int carried;
    private ReplyHead head;
    private long bodyMissing;

    /**
     * @param heads shared by all connections of a thread
     */
    public ReplyScanner(final ReplyHeads heads) {
        this.heads = heads;
        reply = new Reply();
    }

    /** Takes what was received and hands each reply that ends in it to the sink. */
    public void scan(final byte[] bytes, final int from, final int to, final Sink sink) throws ReplyException {
        int at = from;
        while (at < to) {
            if (head == null) {
                at = head(bytes, at, to);
                if (head == null) {
                    return;
                }
            }
            final int part = (int) Math.min(to - at, bodyMissing);
            reply.body(bytes, at, at + part);
            at += part;
            bodyMissing -= part;
            if (bodyMissing == 0) {
                final boolean interim = head.interim();
                head = null;
                if (!interim) {
                    sink.reply(reply);
                }
            }
        }
    }

    /** Returns where the head ends, and sets {@link #head}; or takes all there is. */
    private int head(final byte[] bytes, final int from, final int to) throws ReplyException {
        if (carried > 0) {
            return carriedHead(bytes, from, to);
        }
        final int known = heads.match(bytes, from, to);
        if (known > 0) {
            begin(heads.matched());
            return from + known;
        }
        final int end = headEnd(bytes, from, to);
        if (end > 0) {
            begin(heads.parse(bytes, from, end));
            return end;
        }
        if (to - from > MAX_HEAD_BYTES) {
            throw tooLong();
        }
        carry(bytes, from, to);
        return to;
    }

    private int carriedHead(final byte[] bytes, final int from, final int to) throws ReplyException {
        final int before = carried;
        carry(bytes, from, Math.min(to, from + MAX_HEAD_BYTES - before));
        // The empty line may have begun in what was carried.
        final int end = headEnd(carry, Math.max(0, before - 3), carried);
        if (end > 0) {
            begin(heads.parse(carry, 0, end));
            carried = 0;
            return from + end - before;
        }
        if (carried - before < to - from) {
            throw tooLong();
        }
        return to;
    }

    private void begin(final ReplyHead head) {
        this.head = head;
        bodyMissing = head.bodyBytes();
        reply.begin(head);
    }

    private void carry(final byte[] bytes, final int from, final int to) {
        final int length = carried + to - from;
        if (length > carry.length) {
            carry = Arrays.copyOf(carry, Math.max(FIRST_CARRY_BYTES, Integer.highestOneBit(length) << 1));
        }
        System.arraycopy(bytes, from, carry, carried, to - from);
        carried = length;
    }

    private static ReplyException tooLong() {
        return new ReplyException("a head of more than " + MAX_HEAD_BYTES + " bytes");
    }

    /** Where the first empty line ends; −1 if there is none. */
    private static int headEnd(final byte[] bytes, final int from, final int to) {
        for (int at = from + 3; at < to; at++) {
            if (bytes[at] == '\n' && bytes[at - 1] == '\r' && bytes[at - 2] == '\n' && bytes[at - 3] == '\r') {
                return at + 1;
            }
        }
        return -1;
    }

    /** Takes replies. */
    public interface Sink {
        /** Takes one; it holds only during the call. */
        void reply(Reply reply) throws ReplyException;
    }
}
