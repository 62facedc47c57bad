package io.millrace.server.decode;

import java.nio.ByteOrder;
import org.agrona.UnsafeApi;

/**
 * Memory off the heap in words of eight bytes, the first byte lowest. The only class here that touches memory without a check
 * that stays in production.
 *
 * <p>Agrona's buffers load three fields to check an access. A decoder's loop has compared its index already, with a limit that
 * it has in a register: to check again would cost an eighth of the decoder ({@code docs/benchmarks.md}). What must hold for
 * each access, and is asserted, as the tests run with assertions on:
 *
 * <p>The bytes lie within {@code [0, limit)} behind {@code address}, and these are the caller's: a {@link Window}'s, an
 * {@link EventDraft}'s or a {@link Claim}'s, each of which holds the buffer that the memory belongs to. Those three say why
 * their accesses are within it; the one other caller is the loop of {@link EventFrame}.
 */
final class Memory {
    private static final boolean SWAP = ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN;

    private Memory() {}

    /** Whether so many bytes from {@code index} on lie within {@code [0, limit)}, which is not negative. */
    static boolean isWithin(final int index, final int bytes, final int limit) {
        return index >= 0 && index <= limit - bytes;
    }

    static int getByte(final long address, final int index, final int limit) {
        assert isWithin(index, Byte.BYTES, limit) : index;
        return UnsafeApi.getByte(address + index) & 0xFF;
    }

    static long getWord(final long address, final int index, final int limit) {
        assert isWithin(index, Long.BYTES, limit) : index;
        final long word = UnsafeApi.getLong(address + index);
        return SWAP ? Long.reverseBytes(word) : word;
    }

    static void putWord(final long address, final int index, final int limit, final long word) {
        assert isWithin(index, Long.BYTES, limit) : index;
        UnsafeApi.putLong(address + index, SWAP ? Long.reverseBytes(word) : word);
    }
}
