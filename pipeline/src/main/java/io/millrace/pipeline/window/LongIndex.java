package io.millrace.pipeline.window;

import java.util.Arrays;

/**
 * Numbers distinct pairs of longs 0, 1, 2 … in the order in which they first come: the index under {@link GroupTable}'s
 * columns. Open addressing with linear probing; the keys lie in two arrays beside each other.
 *
 * <p>Not thread-safe. Allocates only when it grows.
 */
final class LongIndex {
    private static final int EMPTY = -1;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private int[] ids = new int[2048];
    private long[] highs = new long[1024];
    private long[] lows = new long[1024];
    private int size;

    LongIndex() {
        Arrays.fill(ids, EMPTY);
    }

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
        int slot = slot(high, low, mask);
        int id;
        while ((id = ids[slot]) != EMPTY) {
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
        if (2 * size > ids.length) {
            rehash();
        }
        return id;
    }

    void clear() {
        Arrays.fill(ids, EMPTY);
        size = 0;
    }

    private void rehash() {
        final int[] ids = new int[2 * this.ids.length];
        Arrays.fill(ids, EMPTY);
        final int mask = ids.length - 1;
        for (int id = 0; id < size; id++) {
            int slot = slot(highs[id], lows[id], mask);
            while (ids[slot] != EMPTY) {
                slot = (slot + 1) & mask;
            }
            ids[slot] = id;
        }
        this.ids = ids;
    }

    private static int slot(final long high, final long low, final int mask) {
        final long hash = (low ^ (high * MULTIPLIER)) * MULTIPLIER;
        return (int) (hash >>> 32) & mask;
    }
}
