package io.millrace.server.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.postgres.query.AggregateCursor;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class CursorCodecTest {
    private static final AggregateCursor CURSOR =
            new AggregateCursor(Instant.parse("2026-03-01T10:20:30.000001Z"), "click\uD83D\uDE80", "größe/+&=");

    @Test
    void shouldReadWhatItWrote() {
        final String text = CursorCodec.encode(CURSOR);

        assertThat(text).matches("[A-Za-z0-9_-]+");
        assertThat(CursorCodec.decode(text)).isEqualTo(CURSOR);
        final AggregateCursor longest = new AggregateCursor(Instant.EPOCH, "a".repeat(128), "e".repeat(256));
        assertThat(CursorCodec.decode(CursorCodec.encode(longest))).isEqualTo(longest);
    }

    @Test
    void shouldRefuseWhatItNeverWrote() {
        final byte[] whole = Base64.getUrlDecoder().decode(CursorCodec.encode(CURSOR));
        for (int length = 0; length <= 11 + "click\uD83D\uDE80".getBytes(UTF_8).length; length++) {
            assertRefused(Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, length)));
        }
        final byte[] otherVersion = whole.clone();
        otherVersion[0] = 2;
        assertRefused(Base64.getUrlEncoder().encodeToString(otherVersion));
        final byte[] notUtf8 = whole.clone();
        notUtf8[whole.length - 1] = (byte) 0xff;
        assertRefused(Base64.getUrlEncoder().encodeToString(notUtf8));
        final byte[] zero = whole.clone();
        zero[whole.length - 1] = 0;
        assertRefused(Base64.getUrlEncoder().encodeToString(zero));
        assertRefused("not base64!");
        assertRefused(CursorCodec.encode(CURSOR) + "=");
    }

    private static void assertRefused(final String text) {
        assertThatThrownBy(() -> CursorCodec.decode(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
