package io.millrace.storage.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.process.HeldPort;
import io.millrace.storage.testing.RedisExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
final class RedisChecksIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static void check(final String uri, final Duration startupTimeout) {
        try (RedisStreams streams =
                RedisStreams.open(new RedisOptions(uri, Duration.ofSeconds(1), Duration.ofMillis(500), 1, 0))) {
            streams.check(startupTimeout);
        }
    }

    private static String withPassword(final String password) {
        return "redis://:" + password + "@127.0.0.1:" + REDIS.port();
    }

    @Test
    void shouldAcceptTheEmbeddedRedis() {
        assertThatCode(() -> check(REDIS.uri(), LONG)).doesNotThrowAnyException();
        assertThatCode(() -> check(REDIS.uri() + "/3", LONG)).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseAPolicyThatEvicts() {
        REDIS.commands().configSet("maxmemory-policy", "allkeys-lru");
        try {
            assertThatThrownBy(() -> check(REDIS.uri(), LONG))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("maxmemory_policy 'allkeys-lru'")
                    .hasMessageContaining("CONFIG SET maxmemory-policy noeviction")
                    .hasMessageNotContaining("\n");
        } finally {
            REDIS.commands().configSet("maxmemory-policy", "noeviction");
        }
    }

    @Test
    void shouldRefuseAReplica() throws Exception {
        REDIS.commands().replicaof("127.0.0.1", 1);
        try {
            assertThatThrownBy(() -> check(REDIS.uri(), LONG)).hasMessageContaining("role 'slave'");
        } finally {
            REDIS.commands().replicaofNoOne();
        }
    }

    @Test
    void shouldSayAtOnceThatThePasswordIsWrong() {
        assertThatThrownBy(() -> check(withPassword("wrong"), LONG))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("WRONGPASS");
        assertThatThrownBy(() -> check("redis://127.0.0.1:" + REDIS.port(), LONG))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("NOAUTH");
    }

    @Test
    void shouldGiveUpOnAServerThatCannotBeReached() throws Exception {
        try (HeldPort nobody = HeldPort.take()) {
            assertThatThrownBy(() -> check("redis://user:secret@127.0.0.1:" + nobody.number(), SHORT))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("127.0.0.1:" + nobody.number())
                    .hasMessageContaining("300 ms")
                    .hasMessageContaining("onnection refused")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void shouldGiveUpOnAServerThatDoesNotAnswer() throws Exception {
        REDIS.pause();
        try {
            assertThatThrownBy(() -> check(REDIS.uri(), SHORT))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("could not be reached");
        } finally {
            REDIS.resume();
        }
    }

    /** Makes reading its files as slow as large ones would. */
    @Test
    void shouldWaitWhileRedisIsLoading() throws Exception {
        REDIS.restartWithSlowLoading(2_000);
        // Longer than the pauses between its answers in that state, shorter than the state lasts.
        assertThatCode(() -> check(REDIS.uri(), Duration.ofSeconds(1))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:6379",
                "http://localhost",
                "redis://user:sec ret@host",
                "redis-sentinel://localhost:26379",
                "redis://h1:1,h2:2"
            })
    void shouldRefuseAnAddressThatItCannotUse(final String uri) {
        assertThatThrownBy(() -> RedisStreams.open(RedisOptions.of(uri)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("redis://")
                .hasMessageNotContaining("sec ret");
    }
}
