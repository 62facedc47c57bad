package io.millrace.server.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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
                    assertThat(Swar.indexOf(Windows.of(bytes), 0, value) == length)
                            .isTrue();
                    for (int at = length - 1; at >= 0; at -= 3) {
                        bytes[at] = (byte) value;
                        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
                        assertThat(Swar.indexOf(buffer, 0, length, value) == at).isTrue();
                        assertThat(Swar.indexOf(buffer, 0, at, value) == at).isTrue();
                        final Window window = Windows.of(bytes);
                        assertThat(Swar.indexOf(window, 0, value) == at).isTrue();
                        window.limit(at);
                        assertThat(Swar.indexOf(window, 0, value) == at).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void shouldTellTheByteBehindAMark() {
        final long word = 0xF1E2D3C4B5A69788L;
        assertThat(Swar.byteAt(word, 0)).isEqualTo(0x88);
        assertThat(Swar.byteAt(word, 5)).isEqualTo(0xD3);
        assertThat(Swar.byteAt(word, 7)).isEqualTo(0xF1);
    }
}
