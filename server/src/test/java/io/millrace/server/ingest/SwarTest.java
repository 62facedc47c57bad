package io.millrace.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SwarTest {
    @Test
    void shouldFindTheFirstOfAByteAtEveryPlace() {
        for (int length = 0; length < 40; length++) {
            for (int filler = 0; filler < 256; filler++) {
                for (final int value : new int[] {'\n', '\\', '&', 1, 0x7F}) {
                    if (filler == value) {
                        continue;
                    }
                    final byte[] bytes = new byte[length];
                    Arrays.fill(bytes, (byte) filler);
                    final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
                    assertThat(Swar.indexOf(buffer, 0, length, value) == length).isTrue();
                    for (int at = length - 1; at >= 0; at -= 3) {
                        bytes[at] = (byte) value;
                        assertThat(Swar.indexOf(buffer, 0, length, value) == at).isTrue();
                        assertThat(Swar.indexOf(buffer, 0, at, value) == at).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void shouldFillAWordWithZerosBehindTheLimit() {
        final byte[] bytes = new byte[20];
        Arrays.fill(bytes, (byte) 0xFF);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        for (int limit = 1; limit <= bytes.length; limit++) {
            for (int index = 0; index < limit; index++) {
                final int valid = Math.min(8, limit - index);
                final long expected = valid == 8 ? -1L : (1L << (8 * valid)) - 1;
                assertThat(Swar.load(buffer, index, limit)).isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldCopyExactlyTheBytesAskedFor() {
        final SplittableRandom random = new SplittableRandom(7);
        final byte[] from = new byte[300];
        for (int i = 0; i < from.length; i++) {
            from[i] = (byte) random.nextInt();
        }
        for (int length = 0; length <= 280; length++) {
            final byte[] to = new byte[300];
            final byte[] expected = new byte[300];
            System.arraycopy(from, 5, expected, 3, length);
            assertThat(Swar.copy(new UnsafeBuffer(from), 5, new UnsafeBuffer(to), 3, length))
                    .isEqualTo(3 + length);
            assertThat(to).isEqualTo(expected);
        }
    }
}
