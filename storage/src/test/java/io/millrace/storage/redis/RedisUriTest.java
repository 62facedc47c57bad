package io.millrace.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisUriTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    @Test
    void shouldReadOneServer() {
        final RedisUri uri = RedisUri.parse("redis://user:p%40s%2Fs+%25@example.org:7000/3");
        assertThat(uri.kind()).isEqualTo(RedisUri.Kind.STANDALONE);
        assertThat(uri.seeds()).containsExactly(new RedisNode("example.org", 7000));

        final RedisURI target = uri.to(uri.seeds().get(0), TIMEOUT);
        assertThat(target.getHost()).isEqualTo("example.org");
        assertThat(target.getPort()).isEqualTo(7000);
        assertThat(target.getDatabase()).isEqualTo(3);
        assertThat(target.isSsl()).isFalse();
        assertThat(target.getTimeout()).isEqualTo(TIMEOUT);
        assertThat(credentials(target).getUsername()).isEqualTo("user");
        assertThat(credentials(target).getPassword()).containsExactly("p@s/s+%".toCharArray());
    }

    @Test
    void shouldReadServersThatSentinelsWatch() {
        final RedisUri uri = RedisUri.parse(
                "redis-sentinel://:secret@a_1,[::1]:5,b:6/2?sentinelUsername=s&sentinelPassword=t%23#my%20master");
        assertThat(uri.kind()).isEqualTo(RedisUri.Kind.SENTINEL);
        assertThat(uri.master()).isEqualTo("my master");
        assertThat(uri.seeds())
                .isEqualTo(List.of(new RedisNode("a_1", 26379), new RedisNode("::1", 5), new RedisNode("b", 6)));

        final RedisURI server = uri.to(new RedisNode("c", 7), TIMEOUT);
        assertThat(server.getHost()).isEqualTo("c");
        assertThat(server.getDatabase()).isEqualTo(2);
        assertThat(credentials(server).getUsername()).isNull();
        assertThat(credentials(server).getPassword()).containsExactly("secret".toCharArray());
        final RedisURI sentinel = uri.toSentinel(uri.seeds().get(1), TIMEOUT);
        assertThat(sentinel.getHost()).isEqualTo("::1");
        assertThat(sentinel.getDatabase()).isZero();
        assertThat(credentials(sentinel).getUsername()).isEqualTo("s");
        assertThat(credentials(sentinel).getPassword()).containsExactly("t#".toCharArray());
    }

    @Test
    void shouldReadCluster() {
        final RedisUri uri = RedisUri.parse("rediss-cluster://user:secret@10.0.0.1:7000,10.0.0.2?verifyPeer=CA");
        assertThat(uri.kind()).isEqualTo(RedisUri.Kind.CLUSTER);
        assertThat(uri.seeds()).isEqualTo(List.of(new RedisNode("10.0.0.1", 7000), new RedisNode("10.0.0.2", 6379)));
        final RedisURI target = uri.to(uri.seeds().get(1), TIMEOUT);
        assertThat(target.isSsl()).isTrue();
        assertThat(target.getVerifyMode()).isEqualTo(SslVerifyMode.CA);
    }

    @Test
    void shouldVerifyServersUnlessToldNotTo() {
        final RedisNode node = new RedisNode("h", 1);
        assertThat(RedisUri.parse("rediss://h").to(node, TIMEOUT).getVerifyMode())
                .isEqualTo(SslVerifyMode.FULL);
        assertThat(RedisUri.parse("rediss://h?verifyPeer=NONE")
                        .to(node, TIMEOUT)
                        .getVerifyMode())
                .isEqualTo(SslVerifyMode.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost",
                "redis://localhost/",
                "redis://password@localhost",
                "rediss://[2001:db8::1]:6380/0",
                "redis-sentinel://h?sentinelMasterId=m",
                "redis-sentinel://h:1,h:2/0#m",
                "redis-cluster://h:1/",
                "redis-cluster://h:1/0",
            })
    void shouldTakeWhatCanBeUsed(final String text) {
        assertThat(RedisUri.parse(text).seeds()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | percent-encoded",
                "localhost:6379 | percent-encoded",
                "http://secret@localhost | scheme",
                "redis:// | percent-encoded",
                "redis://secret@ | percent-encoded",
                "redis://u:sec ret@host | percent-encoded",
                "redis://u:sec@ret@host | percent-encoded",
                "redis://u:secret/1@host | percent-encoded",
                "redis://u:secret%2@host | hexadecimal",
                "redis://h:0 | port",
                "redis://h:65536 | port",
                "redis://secret:pass:1 | malformed",
                "redis://h:1,h:2 | redis-cluster://",
                "redis://h/a | database",
                "redis://h/1/2 | database",
                "redis://h#m | Sentinels",
                "redis://h?timeout=5s | only parameters",
                "redis://h?verifyPeer | name=value",
                "rediss://h?verifyPeer=secret | FULL, CA or NONE",
                "redis://h?sentinelPassword=secret | redis-sentinel://",
                "redis-sentinel://h:26379 | #",
                "redis-sentinel://h:26379# | #",
                "redis-sentinel://h:1,,h:2#m | host",
                "redis-cluster://h/1 | database but 0",
                "redis-cluster://h#m | Sentinels",
                "redis+cluster://h | percent-encoded",
            })
    void shouldSayWhyATextCannotBeUsedAndHideIt(final String text, final String why) {
        assertThatThrownBy(() -> RedisUri.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must ")
                .hasMessageContaining(why)
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("sec ret");
    }

    @Test
    void shouldPrintNoPassword() {
        assertThat(RedisUri.parse("redis://u:secret@h:1")).hasToString("h:1");
        assertThat(RedisUri.parse("redis-sentinel://:secret@h,[::1]?sentinelPassword=secret#m"))
                .hasToString("master m of the Sentinels h:26379,[::1]:26379");
        assertThat(RedisUri.parse("redis-cluster://secret@h,i")).hasToString("cluster h:6379,i:6379");
    }

    private static RedisCredentials credentials(final RedisURI uri) {
        return uri.getCredentialsProvider().resolveCredentials().block();
    }
}
