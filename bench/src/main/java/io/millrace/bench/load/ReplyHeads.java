package io.millrace.bench.load;

import java.util.Arrays;

/**
 * Reads heads, and knows the last few: a server answers equal requests with equal heads, but for a date that changes once a
 * second. To compare costs a tenth of reading and misses nothing: equal bytes have equal meaning.
 *
 * <p>Not thread-safe: one for all connections of a thread.
 */
public final class ReplyHeads {
    /** Enough for a server under load: accepted, refused, and both of the second before. */
    private static final int KNOWN = 4;

    private final byte[][] bytes = new byte[KNOWN][0];
    private final ReplyHead[] heads = new ReplyHead[KNOWN];
    private int oldest;
    private int matched;

    /** How many bytes a known head has, if these begin with it; else 0. */
    int match(final byte[] input, final int from, final int to) {
        for (int i = 0; i < KNOWN; i++) {
            final int length = bytes[i].length;
            if (length > 0 && to - from >= length && Arrays.equals(input, from, from + length, bytes[i], 0, length)) {
                matched = i;
                return length;
            }
        }
        return 0;
    }

    /** The head that {@link #match} found. */
    ReplyHead matched() {
        return heads[matched];
    }

    /** Reads a whole head, which is then known. */
    ReplyHead parse(final byte[] input, final int from, final int to) throws ReplyException {
        final ReplyHead head = ReplyHead.parse(input, from, to);
        heads[oldest] = head;
        bytes[oldest] = Arrays.copyOfRange(input, from, to);
        oldest = (oldest + 1) % KNOWN;
        return head;
    }
}
