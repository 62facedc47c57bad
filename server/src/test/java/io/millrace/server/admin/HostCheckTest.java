package io.millrace.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
    private static final InetAddress LOCAL = NetUtil.createInetAddressFromIpAddressString("192.0.2.7");

    private final HostCheck check = new HostCheck(Set.of("millrace.example", "2001:db8::1"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:9090",
                "127.0.0.1",
                "127.0.0.1:9090",
                "127.8.9.10:1",
                "[::1]",
                "[::1]:9090",
                "[0:0:0:0:0:0:0:1]",
                "192.0.2.7",
                "192.0.2.7:9090",
                "millrace.example",
                "Millrace.Example:80",
                "[2001:db8::1]:9090"
            })
    void shouldAllow(final String host) {
        assertThat(check.allows(host, LOCAL)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "evil.example:9090",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.1",
                "2130706433",
                "0x7f.0.0.1",
                "0.0.0.0",
                "192.0.2.8",
                "::1",
                "[::2]",
                "[::1",
                "[evil.example]",
                "localhost:",
                "localhost:x",
                "localhost:9090:9090",
                "localhost@evil.example",
                "evil.example#localhost",
                "localhost evil.example",
                "millrace.example.evil.example"
            })
    void shouldRefuse(final String host) {
        assertThat(check.allows(host, LOCAL)).isFalse();
    }
}
