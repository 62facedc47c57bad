package io.millrace.pipeline.window;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * The slots of an open-addressing table with linear probing that hold the ids 0, 1, 2 … of its keys, which lie elsewhere: how they
 * begin and how they grow. To probe is the table's own part, where each looks at other columns. Stateless.
 */
final class Slots {
    /** In a slot that holds no id. */
    static final int EMPTY = -1;

    private Slots() {}

    /**
     * Empty slots.
     *
     * @param length how many, a power of two
     */
    static int[] make(final int length) {
        final int[] slots = new int[length];
        Arrays.fill(slots, EMPTY);
        return slots;
    }

    /**
     * Slots in which the ids fill at most a half: the same, or twice as many with all ids in them.
     *
     * @param size the ids are those below it
     * @param hash of an id's key; its low bits count
     */
    static int[] grown(final int[] slots, final int size, final IntUnaryOperator hash) {
        if (2 * size <= slots.length) {
            return slots;
        }
        final int[] grown = make(2 * slots.length);
        final int mask = grown.length - 1;
        for (int id = 0; id < size; id++) {
            int slot = hash.applyAsInt(id) & mask;
            while (grown[slot] != EMPTY) {
                slot = (slot + 1) & mask;
            }
            grown[slot] = id;
        }
        return grown;
    }
}
