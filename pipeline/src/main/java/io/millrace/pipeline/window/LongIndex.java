package io.millrace.pipeline.window;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Numbers distinct pairs of longs 0, 1, 2 … in the order in which they first come: the index under {@link GroupTable}'s
 * columns. Open addressing with linear probing; the keys lie in two arrays beside each other.
 *
 * <p>Not thread-safe. Allocates only when it grows.
 */
final class LongIndex {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final IntUnaryOperator hashOf = this::hashOf;
    private int[] ids = Slots.make(2048);
    private long[] highs = new long[1024];
    private long[] lows = new long[1024];
    private int size;

    int size() {
        return size;
    }

    long high(final int id) {
        return highs[id];
    }

    long low(final int id) {
        return lows[id];
    }

    /** The id of the pair; it equals the size before the call if the pair is new. */
    int idOf(final long high, final long low) {
        final int[] ids = this.ids;
        final int mask = ids.length - 1;
        int slot = hash(high, low) & mask;
        int id;
        while ((id = ids[slot]) != Slots.EMPTY) {
            if (lows[id] == low && highs[id] == high) {
                return id;
            }
            slot = (slot + 1) & mask;
        }
        id = size++;
        if (id == highs.length) {
            highs = Arrays.copyOf(highs, 2 * id);
            lows = Arrays.copyOf(lows, 2 * id);
        }
        highs[id] = high;
        lows[id] = low;
        ids[slot] = id;
        this.ids = Slots.grown(ids, size, hashOf);
        return id;
    }

    void clear() {
        Arrays.fill(ids, Slots.EMPTY);
        size = 0;
    }

    private int hashOf(final int id) {
        return hash(highs[id], lows[id]);
    }

    private static int hash(final long high, final long low) {
        final long hash = (low ^ (high * MULTIPLIER)) * MULTIPLIER;
        return (int) (hash >>> 32);
    }
}
