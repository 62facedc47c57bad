package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class WriteKeysTest {
    @Test
    void shouldContainEachOfItsKeysAndNothingElse() {
        final List<String> keys = new ArrayList<>();
        for (int i = 0; i < WriteKeys.MAX_KEYS; i++) {
            keys.add(("key-" + i + "_").repeat(30).substring(0, 1 + i * 127 / 99));
        }
        final WriteKeys all = WriteKeys.of(keys);
        assertThat(all.required()).isTrue();
        for (final String key : keys) {
            assertThat(contains(all, key)).isTrue();
            assertThat(contains(all, key + '\0')).isFalse();
            assertThat(contains(all, key + 'x')).isFalse();
            assertThat(contains(all, key.toUpperCase(Locale.ROOT))).isFalse();
            for (int i = 0; i < key.length(); i++) {
                final String wrong = key.substring(0, i) + '!' + key.substring(i + 1);
                assertThat(contains(all, wrong)).as(wrong).isFalse();
            }
        }
        assertThat(contains(all, "")).isFalse();
    }

    @Test
    void shouldTakeEveryByteOfALongKeyIntoAccount() {
        final WriteKeys one = WriteKeys.of(List.of("a".repeat(WriteKeys.MAX_KEY_BYTES)));
        assertThat(contains(one, "a".repeat(WriteKeys.MAX_KEY_BYTES))).isTrue();
        for (int length = 0; length < 300; length++) {
            assertThat(contains(one, "a".repeat(length))).isEqualTo(length == WriteKeys.MAX_KEY_BYTES);
        }
        for (int bit = 0; bit < Byte.SIZE; bit++) {
            final String wrong = "a".repeat(WriteKeys.MAX_KEY_BYTES - 1) + (char) ('a' ^ 1 << bit);
            assertThat(contains(one, wrong)).isFalse();
        }
    }

    @Test
    void shouldNeedNoneWhenThereIsNone() {
        assertThat(WriteKeys.NONE.required()).isFalse();
        assertThat(contains(WriteKeys.NONE, "key")).isFalse();
    }

    @Test
    void shouldNeverShowAKey() {
        assertThat(WriteKeys.of(List.of("hunter2", "hunter3"))).hasToString("2 write keys");
        assertThat(new IngestSettings(
                                IngestSettings.DEFAULTS.limits(),
                                WriteKeys.of(List.of("hunter2")),
                                IngestSettings.DEFAULTS.cors(),
                                IngestSettings.DEFAULTS.ack())
                        .toString())
                .doesNotContain("hunter2");
    }

    private static boolean contains(final WriteKeys keys, final String key) {
        final byte[] bytes = ('#' + key + '#').getBytes(ISO_8859_1);
        return keys.contains(new UnsafeBuffer(bytes), 1, bytes.length - 2);
    }
}
