package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void shouldReadKeysFromAFile(@TempDir final Path folder) throws IOException {
        final Path file = Files.writeString(folder.resolve("keys"), "# ours\n\n  first-key \r\nsecond.key");
        final WriteKeys keys = WriteKeys.read(file);
        assertThat(keys).hasToString("2 write keys");
        assertThat(contains(keys, "first-key")).isTrue();
        assertThat(contains(keys, "second.key")).isTrue();
        assertThat(contains(keys, "# ours")).isFalse();
    }

    @Test
    void shouldSayWhatIsWrongWithAFileAndShowNoKey(@TempDir final Path folder) throws IOException {
        final Path file = folder.resolve("keys");
        assertRefused(file, "does not exist");
        Files.writeString(file, "hunter2\n\nhunter 3\n");
        assertRefused(file, "has no key in line 3: a key is 1 to 128 letters");
        Files.writeString(file, "hunter2," + "hunter3");
        assertRefused(file, "has no key in line 1");
        Files.writeString(file, "# hunter2\n \n");
        assertRefused(file, "holds no key, and would let everybody in");
        Files.writeString(file, "hunter2\n".repeat(101));
        assertRefused(file, "holds 101 keys: at most 100");
        Files.write(file, new byte[(1 << 20) + 1]);
        assertRefused(file, "no file of keys");
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(() -> WriteKeys.read(file)).isInstanceOf(IOException.class);
    }

    private static void assertRefused(final Path file, final String why) {
        assertThatThrownBy(() -> WriteKeys.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("hunter");
    }

    private static boolean contains(final WriteKeys keys, final String key) {
        final byte[] bytes = ('#' + key + '#').getBytes(ISO_8859_1);
        return keys.contains(new UnsafeBuffer(bytes), 1, bytes.length - 2);
    }
}
