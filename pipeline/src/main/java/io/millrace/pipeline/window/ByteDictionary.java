package io.millrace.pipeline.window;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Numbers distinct byte strings 0, 1, 2 … in the order in which they first come, and keeps their bytes in one array.
 *
 * <p>An open-addressing table with linear probing, of ids; the strings themselves lie back to back in {@link #bytes()}.
 * The hash is seeded, so that a client that chooses the strings cannot choose the collisions.
 *
 * <p>Not thread-safe. Allocates only when it grows; {@link #clear()} keeps what was allocated.
 */
public final class ByteDictionary {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long seed;
    private final UnsafeBuffer arena = new UnsafeBuffer(new byte[1 << 16]);
    private int arenaEnd;
    private final IntUnaryOperator hashOf = this::hashOf;
    private int[] ids;
    private int[] hashes;
    private int[] offsets;
    private int[] lengths;
    private int size;

    /**
     * Makes an empty dictionary.
     *
     * @param seed makes the hash unpredictable
     */
    public ByteDictionary(final long seed) {
        this.seed = seed;
        ids = Slots.make(1024);
        hashes = new int[512];
        offsets = new int[512];
        lengths = new int[512];
    }

    /** The number of distinct strings. */
    public int size() {
        return size;
    }

    /** Bytes that the strings take. */
    public int byteLength() {
        return arenaEnd;
    }

    /** Where the strings lie. Valid until the next {@link #idOf}. */
    public byte[] bytes() {
        return arena.byteArray();
    }

    /** Where string {@code id} begins in {@link #bytes()}. */
    public int offset(final int id) {
        return offsets[id];
    }

    /** The length of string {@code id} in bytes. */
    public int length(final int id) {
        return lengths[id];
    }

    /** The id of the string, a new one if it was not there yet. */
    public int idOf(final DirectBuffer buffer, final int offset, final int length) {
        final int hash = hash(buffer, offset, length);
        final int[] ids = this.ids;
        final int mask = ids.length - 1;
        int slot = hash & mask;
        int id;
        while ((id = ids[slot]) != Slots.EMPTY) {
            if (hashes[id] == hash && lengths[id] == length && equal(arena, offsets[id], buffer, offset, length)) {
                return id;
            }
            slot = (slot + 1) & mask;
        }
        return append(slot, hash, buffer, offset, length);
    }

    /** The id here of string {@code id} of another dictionary, a new one if it was not there yet. */
    int idOf(final ByteDictionary other, final int id) {
        return idOf(other.arena, other.offsets[id], other.lengths[id]);
    }

    /** Forgets all strings. */
    public void clear() {
        Arrays.fill(ids, Slots.EMPTY);
        size = 0;
        arenaEnd = 0;
    }

    private int append(final int slot, final int hash, final DirectBuffer buffer, final int offset, final int length) {
        if (arenaEnd + length > arena.capacity()) {
            final int needed = Math.addExact(arenaEnd, length);
            final int capacity = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * arena.capacity()));
            arena.wrap(Arrays.copyOf(arena.byteArray(), capacity));
        }
        final int id = size++;
        if (id == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * id);
            offsets = Arrays.copyOf(offsets, 2 * id);
            lengths = Arrays.copyOf(lengths, 2 * id);
        }
        arena.putBytes(arenaEnd, buffer, offset, length);
        hashes[id] = hash;
        offsets[id] = arenaEnd;
        lengths[id] = length;
        arenaEnd += length;
        ids[slot] = id;
        ids = Slots.grown(ids, size, hashOf);
        return id;
    }

    private int hashOf(final int id) {
        return hashes[id];
    }

    private int hash(final DirectBuffer buffer, final int offset, final int length) {
        long hash = seed ^ length;
        int i = 0;
        for (; i < length - BitUtil.SIZE_OF_LONG; i += BitUtil.SIZE_OF_LONG) {
            hash = mix(hash ^ buffer.getLong(offset + i));
        }
        hash = mix(hash ^ tail(buffer, offset, length));
        return (int) (hash ^ (hash >>> 32));
    }

    private static long mix(final long value) {
        return Math.multiplyHigh(value, MULTIPLIER) ^ (value * MULTIPLIER);
    }

    private static boolean equal(
            final DirectBuffer left,
            final int leftOffset,
            final DirectBuffer right,
            final int rightOffset,
            final int length) {
        for (int i = 0; i < length - BitUtil.SIZE_OF_LONG; i += BitUtil.SIZE_OF_LONG) {
            if (left.getLong(leftOffset + i) != right.getLong(rightOffset + i)) {
                return false;
            }
        }
        return tail(left, leftOffset, length) == tail(right, rightOffset, length);
    }

    /**
     * The last eight bytes of the string in one load, be they read already: a loop over single bytes, of a length that the
     * processor cannot foresee, costs more than the rest. Of a shorter string all bytes, what stands before it shifted out.
     */
    private static long tail(final DirectBuffer buffer, final int offset, final int length) {
        final int end = offset + length;
        if (end >= BitUtil.SIZE_OF_LONG) {
            final long last = buffer.getLong(end - BitUtil.SIZE_OF_LONG, LITTLE_ENDIAN);
            return length >= BitUtil.SIZE_OF_LONG ? last : last >>> (Long.SIZE - Byte.SIZE * length);
        }
        long bytes = 0;
        for (int i = end - 1; i >= offset; i--) {
            bytes = (bytes << Byte.SIZE) | (buffer.getByte(i) & 0xFF);
        }
        return bytes;
    }
}
