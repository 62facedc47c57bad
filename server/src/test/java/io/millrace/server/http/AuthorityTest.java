package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 3986, 3.2.2, with Netty's check of addresses as the oracle where it knows all of the form. */
class AuthorityTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[::]",
                "[::1]",
                "[1::]",
                "[1:2:3:4:5:6:7:8]",
                "[1:2:3:4:5:6:7::]",
                "[::2:3:4:5:6:7:8]",
                "[1::3:4:5:6:7:8]",
                "[2001:DB8::ff00:42:8329]:8080",
                "[::ffff:192.0.2.1]",
                "[1::192.0.2.1]",
                "[1:2:3:4:5:6:192.0.2.1]"
            })
    void shouldTakeAddresses(final String address) {
        assertThat(isValid(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[:]",
                "[:::]",
                "[1:2:3:4:5:6:7]",
                "[1:2:3:4:5:6:7:8:9]",
                "[1:2:3:4:5:6:7:8::]",
                "[1::2::3]",
                "[:1:2:3:4:5:6:7]",
                "[1:2:3:4:5:6:7:]",
                "[12345::]",
                "[g::]",
                "[::1.2.3]",
                "[::1.2.3.4.5]",
                "[::256.0.0.1]",
                "[::01.2.3.4]",
                "[::1.2.3.4:5]",
                "[1.2.3.4]",
                "[fe80::1%25lo]",
                "[v1.a]",
                "[::1",
                "[::1]1",
                "[::1]:1x"
            })
    void shouldRefuseWhatIsNone(final String address) {
        assertThat(isValid(address)).isFalse();
    }

    @Test
    void shouldAgreeWithNettyOnAddressesWithoutAnIpv4Part() {
        final Random random = new Random(4);
        final String[] parts = {":", ":", "::", "0", "1", "f", "ab", "1234", "12345", "g"};
        int valid = 0;
        for (int round = 0; round < 300_000; round++) {
            final StringBuilder address = new StringBuilder();
            for (int i = random.nextInt(17); i >= 0; i--) {
                address.append(parts[random.nextInt(parts.length)]);
            }
            final boolean expected = NetUtil.isValidIpV6Address(address.toString());
            valid += expected ? 1 : 0;
            assertThat(isValid("[" + address + "]")).as(address.toString()).isEqualTo(expected);
        }
        assertThat(valid).isGreaterThan(1000);
    }

    private static boolean isValid(final String authority) {
        final byte[] bytes = authority.getBytes(ISO_8859_1);
        return Authority.isValid(new UnsafeBuffer(bytes), 0, bytes.length);
    }
}
