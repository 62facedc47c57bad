package io.millrace.storage.embedded.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.process.Orphans;
import io.millrace.storage.embedded.process.StopSequence;
import io.millrace.storage.embedded.process.Tools;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
final class EmbeddedRedisIT {
    @TempDir
    Path dataDir;

    private static String ask(
            final EmbeddedRedis redis, final Function<RedisCommands<String, String>, String> question) {
        final RedisClient client = RedisClient.create(redis.uri());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return question.apply(connection.sync());
        } finally {
            client.shutdown();
        }
    }

    private Path file(final String name) {
        return dataDir.resolve("redis").resolve(name);
    }

    private static String permissions(final Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void shouldRunWithTheSettingsThatLoseNothing() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            final List<String> settings = List.of("appendonly", "appendfsync", "maxmemory-policy", "bind", "save");
            assertThat(settings.stream()
                            .map(key -> ask(redis, it -> it.configGet(key).get(key))))
                    .containsExactly("yes", "always", "noeviction", "127.0.0.1", "");
            assertThat(Long.parseLong(ask(redis, it -> it.configGet("maxmemory").get("maxmemory"))))
                    .isPositive();
            assertThat(permissions(dataDir.resolve("redis"))).isEqualTo("rwx------");
            assertThat(permissions(file("redis.conf"))).isEqualTo("rw-------");
            final String password = redis.uri().replaceAll(".*:(\\w+)@.*", "$1");
            assertThat(ProcessHandle.of(redis.pid()).orElseThrow().info().commandLine())
                    .get()
                    .asString()
                    .doesNotContain(password);
        }
    }

    @Test
    void shouldKeepDataOverRestartsAndEndWhenClosed() throws Exception {
        final long pid;
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            pid = redis.pid();
            ask(redis, it -> it.set("key", "kept"));
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            assertThat(ask(redis, it -> it.get("key"))).isEqualTo("kept");
        }
    }

    @Test
    void shouldComeBackByItselfWhenKilled() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            final long first = redis.pid();
            ask(redis, it -> it.set("key", "kept"));
            for (int i = 0; i < 2; i++) {
                final long pid = redis.pid();
                Signals.send("KILL", pid);
                Await.until("another one runs", () -> redis.pid() != pid);
                assertThat(Await.success("it answers", () -> ask(redis, it -> it.get("key"))))
                        .isEqualTo("kept");
            }
            assertThat(redis.pid()).isNotEqualTo(first);
        }
    }

    @Test
    void shouldLetRedisCliInByItsUriFile() throws Exception {
        assumeThat(Tools.find("redis-cli")).isPresent();
        final String firstUri;
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            firstUri = redis.uri();
        }
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            assertThat(redis.uri()).isNotEqualTo(firstUri);
            assertThat(permissions(file("uri"))).isEqualTo("rw-------");
            assertThat(Tools.run(List.of(
                                    "/bin/sh",
                                    "-c",
                                    "redis-cli -u \"$(cat \"$0\")\" ping",
                                    file("uri").toString()))
                            .output())
                    .endsWith("PONG\n");
        }
    }

    @Test
    void shouldReadAFileWhoseLastWriteWasCutOff() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            ask(redis, it -> it.set("key", "kept"));
        }
        final Path log;
        try (var files = Files.list(file("appendonlydir"))) {
            log = files.filter(path -> path.toString().endsWith(".incr.aof"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(log, "*3\r\n$3\r\nSET\r\n$3\r\nke", StandardOpenOption.APPEND);
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            assertThat(ask(redis, it -> it.get("key"))).isEqualTo("kept");
        }
    }

    @Test
    void shouldRefuseAFolderInUse() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            assertThatThrownBy(() -> EmbeddedRedis.start(dataDir))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(file("").toRealPath() + " is in use")
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining("--data-dir");
            assertThat(ask(redis, RedisCommands::ping)).isEqualTo("PONG");
        }
    }

    @Test
    void shouldTellWhyRedisDoesNotStart() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            ask(redis, it -> it.set("key", "value"));
        }
        try (var files = Files.list(file("appendonlydir"))) {
            for (final Path path : files.toList()) {
                if (path.toString().endsWith(".incr.aof")) {
                    Files.writeString(path, "garbage", StandardOpenOption.TRUNCATE_EXISTING);
                }
            }
        }
        assertThatThrownBy(() -> EmbeddedRedis.start(dataDir))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("Bad file format")
                .hasMessageContaining("redis.log")
                .hasMessageNotContaining("\n");
    }

    @Test
    void shouldNotOutliveAnOwnerThatIsKilled() throws Exception {
        final Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RedisOwner.class.getName(),
                        dataDir.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))) {
            final long pid = Long.parseLong(output.readLine());
            assertThat(orphans().find()).containsExactly(pid);
            owner.destroyForcibly().waitFor();
        }
        Await.until(
                "redis-server has ended with its owner", () -> orphans().find().isEmpty());
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            assertThat(ask(redis, RedisCommands::ping)).isEqualTo("PONG");
        }
    }

    /** An owner without setpriv leaves one; this one is started by hand, from the same file. */
    @Test
    void shouldEndAnOrphanAndTakeItsData() throws Exception {
        EmbeddedRedis.start(dataDir).close();
        final Process orphan = startOrphan();
        try (EmbeddedRedis redis = EmbeddedRedis.start(dataDir)) {
            // By SIGTERM, handled or, so early in its life, not yet.
            assertThat(orphan.waitFor()).isIn(0, 128 + 15);
            assertThat(ask(redis, RedisCommands::ping)).isEqualTo("PONG");
        }
    }

    @Test
    void shouldEndAnOrphanThatDoesNotListen() throws Exception {
        EmbeddedRedis.start(dataDir).close();
        final Process orphan = startOrphan();
        Signals.send("STOP", orphan.pid());
        orphans()
                .end(StopSequence.of(
                        new StopSequence.Step("TERM", Duration.ofMillis(500)),
                        new StopSequence.Step("KILL", Duration.ofSeconds(10))));
        assertThat(orphan.waitFor()).isEqualTo(128 + 9);
    }

    private Orphans orphans() throws IOException {
        return EmbeddedRedis.orphans(file("redis.conf").toRealPath());
    }

    private Process startOrphan() throws Exception {
        final Path configFile = file("redis.conf").toRealPath();
        final Process orphan = new ProcessBuilder(RedisBinary.locate().toString(), configFile.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Await.until("the orphan is found", () -> orphans().find().contains(orphan.pid()));
        return orphan;
    }

    @Test
    void shouldSayHowToInstallRedis() {
        assertThatThrownBy(() -> RedisBinary.locate(List.of(dataDir)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("apt-get install redis-server")
                .hasMessageContaining("--redis")
                .hasMessageNotContaining("\n");
    }

    @Test
    void shouldRefuseAnOldRedis() throws Exception {
        final Path old = Files.writeString(
                dataDir.resolve("redis-server"), "#!/bin/sh\necho 'Redis server v=6.0.16 sha=00000000:0 bits=64'\n");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> RedisBinary.locate(List.of(dataDir)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("v=6.0.16")
                .hasMessageContaining("6.2");
    }
}
