package io.millrace.server.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {
    private static final int BYTES = 40;
    private static final int OFFSET = 11;
    private static final int LENGTH = 21;

    private final Window window = new Window();

    /** No byte is zero, and none is another's. */
    private static UnsafeBuffer buffer(final boolean onHeap) {
        final UnsafeBuffer buffer =
                onHeap ? new UnsafeBuffer(new byte[BYTES]) : new UnsafeBuffer(ByteBuffer.allocateDirect(BYTES));
        for (int i = 0; i < BYTES; i++) {
            buffer.putByte(i, (byte) (0xD0 + i));
        }
        return buffer;
    }

    private static int expectedByte(final int index, final int limit) {
        return index < limit ? 0xD0 + OFFSET + index & 0xFF : 0;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadEachByteUpToTheLimitAndZerosBehind(final boolean onHeap) {
        window.wrap(buffer(onHeap), OFFSET, LENGTH);
        for (int limit = LENGTH; limit >= 0; limit--) {
            window.limit(limit);
            assertThat(window.limit()).isEqualTo(limit);
            for (int index = 0; index < LENGTH + 20; index++) {
                assertThat(window.byteAt(index)).isEqualTo(expectedByte(index, limit));
                long expected = 0L;
                for (int i = Long.BYTES - 1; i >= 0; i--) {
                    expected = expected << Byte.SIZE | expectedByte(index + i, limit);
                }
                assertThat(window.word(index))
                        .as("index %d, limit %d", index, limit)
                        .isEqualTo(expected);
            }
            assertThat(window.byteAt(Integer.MAX_VALUE)).isZero();
            assertThat(window.word(Integer.MAX_VALUE)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -8, Integer.MIN_VALUE})
    void shouldRefuseANegativeIndex(final int index) {
        window.wrap(buffer(false), OFFSET, LENGTH);
        for (int limit = LENGTH; limit >= 0; limit--) {
            window.limit(limit);
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> window.byteAt(index));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> window.word(index));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRefuseARangeOutsideTheBuffer(final boolean onHeap) {
        final UnsafeBuffer buffer = buffer(onHeap);
        final int[][] ranges = {
            {-1, 4}, {0, -1}, {0, BYTES + 1}, {BYTES, 1}, {BYTES + 1, 0}, {1, Integer.MAX_VALUE}, {Integer.MAX_VALUE, 1}
        };
        for (final int[] range : ranges) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> window.wrap(buffer, range[0], range[1]));
        }
        window.wrap(buffer, BYTES, 0);
        assertThat(window.word(0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, LENGTH + 1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void shouldRefuseALimitOutsideTheRange(final int limit) {
        window.wrap(buffer(false), OFFSET, LENGTH);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> window.limit(limit));
    }
}
