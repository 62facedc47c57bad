package io.millrace.pipeline.window;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Numbers distinct pairs (group, user) 0, 1, 2 … in the order in which they first come, and counts each one's events: the
 * part of {@link GroupTable} that grows with the users. Open addressing with linear probing; all of an entry lies in one cache line,
 * for with many users nearly every access misses the cache.
 *
 * <p>Not thread-safe. Allocates only when it grows.
 */
final class UserEntries {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /** An entry is this many ints: group, user, count, next entry of the group. */
    private static final int ROW = 4;

    private static final int USER = 1;
    private static final int COUNT = 2;
    private static final int NEXT = 3;

    private final IntUnaryOperator hashOf = this::hashOf;
    private int[] ids = Slots.make(2048);
    private int[] rows = new int[ROW * 1024];
    private int size;

    int size() {
        return size;
    }

    int group(final int entry) {
        return rows[ROW * entry];
    }

    int user(final int entry) {
        return rows[ROW * entry + USER];
    }

    int count(final int entry) {
        return rows[ROW * entry + COUNT];
    }

    int next(final int entry) {
        return rows[ROW * entry + NEXT];
    }

    void link(final int entry, final int next) {
        rows[ROW * entry + NEXT] = next;
    }

    /** Counts the pair's events. The entry that counts them equals the size before the call if the pair is new. */
    int add(final int group, final int user, final int events) {
        final int[] ids = this.ids;
        final int[] rows = this.rows;
        final int mask = ids.length - 1;
        int slot = hash(group, user) & mask;
        int entry;
        while ((entry = ids[slot]) != Slots.EMPTY) {
            final int row = ROW * entry;
            if (rows[row + USER] == user && rows[row] == group) {
                rows[row + COUNT] += events;
                return entry;
            }
            slot = (slot + 1) & mask;
        }
        return append(slot, group, user, events);
    }

    private int append(final int slot, final int group, final int user, final int events) {
        final int entry = size++;
        final int row = ROW * entry;
        if (row == rows.length) {
            rows = Arrays.copyOf(rows, Math.multiplyExact(2, row));
        }
        rows[row] = group;
        rows[row + USER] = user;
        rows[row + COUNT] = events;
        ids[slot] = entry;
        ids = Slots.grown(ids, size, hashOf);
        return entry;
    }

    void clear() {
        Arrays.fill(ids, Slots.EMPTY);
        size = 0;
    }

    private int hashOf(final int entry) {
        return hash(group(entry), user(entry));
    }

    private static int hash(final int group, final int user) {
        final long hash = (user ^ (group * MULTIPLIER)) * MULTIPLIER;
        return (int) (hash >>> 32);
    }
}
