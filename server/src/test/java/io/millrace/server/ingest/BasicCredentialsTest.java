package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicCredentialsTest {
    private final UnsafeBuffer sink = new UnsafeBuffer(new byte[WriteKeys.MAX_KEY_BYTES]);

    @Test
    void shouldDecodeEveryNameOfAnyLength() {
        for (int length = 0; length <= WriteKeys.MAX_KEY_BYTES; length++) {
            for (final String password : new String[] {"", "p", "pa:ss", "p\u00e4ss"}) {
                final String name = "kE.y_-09".repeat(20).substring(0, length);
                assertThat(user("Basic " + encoded(name + ":" + password))).isEqualTo(name);
            }
        }
    }

    @Test
    void shouldRefuseALongerName() {
        assertThat(user("Basic " + encoded("k".repeat(WriteKeys.MAX_KEY_BYTES + 1) + ":")))
                .isNull();
    }

    @Test
    void shouldTakeAnySchemeCaseAnyNumberOfSpacesAndNoPadding() {
        assertThat(user("bAsIC   " + encoded("key:"))).isEqualTo("key");
        assertThat(user("Basic " + encoded("k:").replace("=", ""))).isEqualTo("k");
        assertThat(user("Basic " + encoded("\u00e4\u0000:"))).isEqualTo("\u00e4\u0000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic ",
                "Basic  ",
                "Basica2V5Og==",
                "Basic\ta2V5Og==",
                "Bearer a2V5Og==",
                "Basi a2V5Og==",
                "Basic a2V5",
                "Basic a2V5Cg==",
                "Basic a2V 5Og==",
                "Basic a2V-Og==",
                "Basic =a2V5Og==",
                "Basic \u00e4\u00e4\u00e4\u00e4",
            })
    void shouldFindNoNameInAnythingElse(final String value) {
        assertThat(user(value)).isNull();
    }

    private String user(final String value) {
        final byte[] bytes = ("#" + value + "Og==").getBytes(UTF_8);
        final int end = bytes.length - 4;
        final int length = BasicCredentials.user(new UnsafeBuffer(bytes), 1, end, sink);
        if (length == BasicCredentials.NONE) {
            return null;
        }
        final byte[] name = new byte[length];
        sink.getBytes(0, name);
        return new String(name, UTF_8);
    }

    private static String encoded(final String credentials) {
        return Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }
}
