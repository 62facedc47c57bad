package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsPolicyTest {
    private static final CorsPolicy LISTED = CorsPolicy.of(List.of(
            "https://shop.example",
            "http://localhost:3000",
            "https://*.shop.example",
            "http://*.dev.example:8080",
            "null"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example",
                "http://localhost:3000",
                "null",
                "https://www.shop.example",
                "https://a.b.c.shop.example",
                "https://x-1_y.shop.example",
                "http://a.dev.example:8080",
            })
    void shouldAllowWhatIsListedAndTheNamesBelow(final String origin) {
        assertThat(allows(LISTED, origin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://shop.example/",
                "https://shop.example:443",
                "https://shop.example:8443",
                "http://shop.example",
                "https://SHOP.example",
                "https://shop.exampl",
                "https://shop.example.evil.example",
                "https://evilshop.example",
                "http://www.shop.example",
                "https://.shop.example.evil.example",
                "https://evil.example/.shop.example",
                "https://evil.example:1.shop.example",
                "https://evil.example?.shop.example",
                "https://evil@x.shop.example",
                "https://\u00e4.shop.example",
                "https://www.shop.example:8443",
                "https://.shop.example",
                "http://dev.example:8080",
                "http://a.dev.example",
                "http://a.dev.example:80800",
                "http://localhost:300",
                "nul",
                "nulll",
                "*",
            })
    void shouldAllowNothingElse(final String origin) {
        assertThat(allows(LISTED, origin)).isFalse();
    }

    @Test
    void shouldAllowEveryOriginThatIsNotTooLong() {
        assertThat(allows(CorsPolicy.ANY, "https://" + "a".repeat(504))).isTrue();
        assertThat(allows(CorsPolicy.ANY, "https://" + "a".repeat(505))).isFalse();
        assertThat(allows(CorsPolicy.of(List.of("*")), "null")).isTrue();
    }

    @Test
    void shouldRefuseWhatCannotBeMeant() {
        assertThatThrownBy(() -> CorsPolicy.of(List.of("*", "https://a.example")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave it out");
        assertThatThrownBy(() -> CorsPolicy.of(List.of("https://a.example:443")))
                .hasMessageContaining("write https://a.example");
        assertThatThrownBy(() -> CorsPolicy.of(List.of("http://*.a.example:80")))
                .hasMessageContaining("write http://*.a.example");
        assertThat(CorsPolicy.of(List.of("https://a.example:80", "http://a.example:443", "http://a.example:8080")))
                .hasToString("https://a.example:80,http://a.example:443,http://a.example:8080");
    }

    private static boolean allows(final CorsPolicy policy, final String origin) {
        final byte[] bytes = ("#" + origin + "#").getBytes(ISO_8859_1);
        return policy.allows(new UnsafeBuffer(bytes), 1, bytes.length - 2);
    }
}
