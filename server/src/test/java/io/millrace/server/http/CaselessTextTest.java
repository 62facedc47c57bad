package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaselessTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "host",
                "close",
                "expect",
                "chunked",
                "http://",
                "identity",
                "keep-alive",
                "x-write-key",
                "100-continue",
                "content-encoding",
                "transfer-encoding",
                "application/x-ndjson",
                "a-text-of-24-characters!"
            })
    void shouldMatchItselfInAnyCaseAndNothingElse(final String lower) {
        final CaselessText text = CaselessText.of(lower);
        final byte[] bytes = lower.getBytes(US_ASCII);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[bytes.length + 2]);
        buffer.putBytes(1, lower.toUpperCase(Locale.ROOT).getBytes(US_ASCII));
        assertThat(text.matches(buffer, 1, bytes.length)).isTrue();
        buffer.putBytes(1, bytes);
        assertThat(text.matches(buffer, 1, bytes.length)).isTrue();
        assertThat(text.matches(buffer, 1, bytes.length - 1)).isFalse();
        assertThat(text.matches(buffer, 1, bytes.length + 1)).isFalse();
        for (int i = 0; i < bytes.length; i++) {
            for (int b = 0; b < 256; b++) {
                buffer.putByte(1 + i, (byte) b);
                final boolean same = b == bytes[i] || (b < 0x80 && Character.toLowerCase(b) == bytes[i]);
                assertThat(text.matches(buffer, 1, bytes.length))
                        .as("byte %d is %d", i, b)
                        .isEqualTo(same);
            }
            buffer.putByte(1 + i, bytes[i]);
        }
    }

    @Test
    void shouldRefuseATextThatItCannotHold() {
        assertThatThrownBy(() -> CaselessText.of("abc")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CaselessText.of("a".repeat(25))).isInstanceOf(IllegalArgumentException.class);
    }
}
