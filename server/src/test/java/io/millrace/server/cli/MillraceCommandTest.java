package io.millrace.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.config.AdminConfig;
import io.millrace.server.config.ConnectionUri;
import io.millrace.server.config.Role;
import io.millrace.server.config.ServerConfig;
import io.millrace.server.ingest.GpcPolicy;
import io.millrace.server.ingest.Transport;
import io.millrace.server.ingest.WriteKeys;
import io.millrace.storage.StartupException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MillraceCommandTest {
    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ServerConfig config;

    @Test
    void shouldRunWithTheDefaults() {
        assertThat(execute("run")).isZero();

        assertThat(config.listen()).isEqualTo(address("127.0.0.1", 8080));
        assertThat(config.admin()).isEqualTo(new AdminConfig(address("127.0.0.1", 9090), Set.of(), Optional.empty()));
        assertThat(config.demo()).isFalse();
        assertThat(config.dataDir()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(config.redis()).isEmpty();
        assertThat(config.postgres()).isEmpty();
        assertThat(config.role()).isEqualTo(Role.ALL);
        assertThat(config.node()).isEmpty();
        assertThat(config.eventLoops()).isPositive();
        assertThat(config.transport()).isEqualTo(Transport.AUTO);
        assertThat(config.journal().directory())
                .isEqualTo(Path.of("data/journal").toAbsolutePath());
        assertThat(config.journal().sizeBytes()).isEqualTo(64 << 20);
        assertThat(config.window()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.flush()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.keep()).isEqualTo(Duration.ZERO);
        assertThat(config.redisWaitReplicas()).isZero();
        assertThat(config.dedupWindow()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.retention()).isEmpty();
        assertThat(config.startupTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.ingest().limits().requestLineBytes()).isEqualTo(8192);
        assertThat(config.ingest().limits().fieldBytes()).isEqualTo(16384);
        assertThat(config.ingest().limits().fieldCount()).isEqualTo(100);
        assertThat(config.ingest().limits().bodyBytes()).isEqualTo(1 << 20);
        assertThat(config.ingest().limits().headerTimeMillis()).isEqualTo(10_000);
        assertThat(config.ingest().limits().bodyTimeMillis()).isEqualTo(30_000);
        assertThat(config.ingest().limits().idleTimeMillis()).isEqualTo(60_000);
        assertThat(config.ingest().limits().connections()).isEqualTo(10_000);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldTakeTheCommandLineBeforeTheEnvironmentBeforeTheFileBeforeTheDefault() throws IOException {
        final Path file = write("flush=4s\nwindow=1m\nmax-body=2MiB\n");
        environment.put("MILLRACE_FLUSH", "3s");
        environment.put("MILLRACE_WINDOW", "30s");

        assertThat(execute("run", "--flush", "2s", "--config", file.toString())).isZero();

        assertThat(config.flush()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.window()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.ingest().limits().bodyBytes()).isEqualTo(2 << 20);
        assertThat(config.ingest().limits().fieldCount()).isEqualTo(100);
    }

    @Test
    void shouldTakeTheFileFromTheEnvironment() throws IOException {
        environment.put("MILLRACE_CONFIG", write("role = all\nnode = mill-1\n").toString());
        assertThat(execute("run")).isZero();
        assertThat(config.node()).contains("mill-1");
    }

    @Test
    void shouldTakeAnEmptyVariableForNone() {
        environment.put("MILLRACE_REDIS", "");
        environment.put("MILLRACE_CONFIG", "");
        assertThat(execute("run")).isZero();
        assertThat(config.redis()).isEmpty();
    }

    @Test
    void shouldTakeEveryFormOfAddressSizeAndTime() {
        assertThat(execute(
                        "run",
                        "--listen=[::1]:0",
                        "--admin=localhost:1234",
                        "--journal-size=33554432",
                        "--max-body=512kib",
                        "--header-timeout=1500ms",
                        "--window=1h"))
                .isZero();
        assertThat(config.listen()).isEqualTo(address("::1", 0));
        assertThat(config.admin().address()).isEqualTo(address("localhost", 1234));
        assertThat(config.journal().sizeBytes()).isEqualTo(32 << 20);
        assertThat(config.ingest().limits().bodyBytes()).isEqualTo(512 << 10);
        assertThat(config.ingest().limits().headerTimeMillis()).isEqualTo(1500);
        assertThat(config.window()).isEqualTo(Duration.ofHours(1));
        assertThat(execute("run", "--retention=90d")).isZero();
        assertThat(config.retention()).contains(Duration.ofDays(90));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0s", "0ms", "00m"})
    void shouldSwitchDeduplicationOff(final String zero) {
        assertThat(execute("run", "--dedup-window", zero)).isZero();
        assertThat(config.dedupWindow()).isZero();
    }

    @Test
    void shouldAskForATokenOffLoopback() {
        assertThat(execute("run", "--admin=0.0.0.0:9090")).isEqualTo(2);
        assertOneLine()
                .startsWith("millrace: --admin=0.0.0.0:9090: not a loopback address")
                .contains("--admin-token", "127.0.0.1:9090");

        environment.put("MILLRACE_ADMIN_TOKEN", "0123456789abcdef");
        assertThat(execute("run", "--admin=0.0.0.0:9090", "--admin-host", "Stats.example, 10.0.0.1,fd00::1"))
                .isZero();
        assertThat(config.admin().token()).contains("0123456789abcdef");
        assertThat(config.admin().hosts()).containsExactlyInAnyOrder("Stats.example", "10.0.0.1", "fd00::1");
        assertThat(config.toString()).doesNotContain("0123456789abcdef");
    }

    @Test
    void shouldNotShowAWrongToken() {
        assertThat(execute("run", "--admin-token=too short")).isEqualTo(2);
        assertOneLine()
                .startsWith("millrace: --admin-token: must be 16 to 256 ")
                .doesNotContain("too short");
        assertThat(execute("run", "--admin-host=stats.example:9090")).isEqualTo(2);
        assertOneLine().startsWith("millrace: --admin-host=stats.example:9090: must be names or addresses");
    }

    @Test
    void shouldTurnTheDemoOnByItsNameAlone() {
        assertThat(execute("run", "--demo", "--flush=2s")).isZero();
        assertThat(config.demo()).isTrue();
        assertThat(config.flush()).isEqualTo(Duration.ofSeconds(2));
        environment.put("MILLRACE_DEMO", "true");
        assertThat(execute("run", "--demo=false")).isZero();
        assertThat(config.demo()).isFalse();
        environment.put("MILLRACE_DEMO", "yes");
        assertThat(execute("run")).isEqualTo(2);
        assertOneLine().startsWith("millrace: MILLRACE_DEMO=yes: must be true or false");
    }

    @Test
    void shouldRefuseADemoThatNobodyWouldTakeIn() {
        assertThat(execute("run", "--demo", "--role=aggregate", "--redis=redis://127.0.0.1"))
                .isEqualTo(2);
        assertOneLine().startsWith("millrace: --demo=true: --role=aggregate takes no events in: ");
        assertThat(execute("run", "--demo", "--write-key=k")).isEqualTo(2);
        assertOneLine().startsWith("millrace: --demo=true: simulated events carry no key: ");
    }

    @Test
    void shouldKeepTheJournalInTheDataFolder() {
        assertThat(execute("run", "--data-dir", folder.toString())).isZero();
        assertThat(config.journal().directory()).isEqualTo(folder.resolve("journal"));
        assertThat(execute("run", "--data-dir", folder.toString(), "--journal-dir", "/ring"))
                .isZero();
        assertThat(config.journal().directory()).isEqualTo(Path.of("/ring"));
    }

    @Test
    void shouldNeverPrintAPassword() {
        assertThat(execute(
                        "run",
                        "--redis=redis://user:hunter2@host",
                        "--postgres=jdbc:postgresql://host/db?user=u&password=hunter2"))
                .isZero();
        assertThat(config.redis()).contains(new ConnectionUri("redis://user:hunter2@host"));
        assertThat(config.toString()).doesNotContain("hunter2").contains("redis://…", "jdbc:postgresql://…");

        assertThat(execute("run", "--redis=user:hunter2@host")).isEqualTo(2);
        assertOneLine().startsWith("millrace: --redis: must be redis://").doesNotContain("hunter2");
        assertThat(execute("run", "--postgres=postgres://u:hunter2@host/db")).isEqualTo(2);
        assertOneLine()
                .startsWith("millrace: --postgres: must be jdbc:postgresql://")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen=8080 | host:port",
                "--listen=127.0.0.1:65536 | 0 (any free one) to 65535",
                "--listen=no-such-host.invalid:1 | not known here",
                "--role=both | must be all, ingest, aggregate",
                "--transport=EPOLL | must be auto, epoll, io_uring, nio",
                "--gpc=off | must be drop, anonymize, ignore",
                "--event-loops=0 | must be 1 to 256",
                "--event-loops=two | whole number, 1 to 256",
                "--max-connections=99999999999 | 1 to 1000000",
                "--window=7s | must divide a day",
                "--window=2h | must be 1s to 1h",
                "--window=10 | with its unit",
                "--flush=50ms | must be 100ms to 1m",
                "--flush=-1s | not a time",
                "--dedup-window=999ms | must be 1s to 7d, or 0 to switch it off",
                "--dedup-window=169h | must be 1s to 7d, or 0 to switch it off",
                "--dedup-window=10 | with its unit",
                "--dedup-window=off | or 0 to switch it off",
                "--journal-size=48MiB | a power of two, 64KiB to 1GiB",
                "--journal-size=99999999GiB | a power of two, 64KiB to 1GiB",
                "--journal-size=64MB | not a size",
                "--max-request-line=1KiB | 8000B to 64KiB",
                "--max-body=1GiB | 1KiB to 64MiB",
                "--node=a/b | letters, digits",
                "--redis-wait-replicas=-1 | must be 0 to 16",
                "--retention=23h | must be 1d to 36500d",
                "--retention=0 | with its unit",
                "--keep=8d | must be 0s to 7d",
                "--keep=200h | must be 0s to 7d",
                "--header-timeout=0s | 100ms to 1h",
                "--body-memory=1KiB | 1MiB to 16GiB",
                "--cors-origin=https://Shop.example | in lower case",
                "--cors-origin=https://shop.example/ | scheme://host[:port]",
                "--cors-origin=shop.example | scheme://host[:port]",
                "--cors-origin=https://a.*.example | scheme://host[:port]",
                "--cors-origin=https://*example | scheme://host[:port]",
                "--cors-origin=https://shop.example, | separated by commas",
                "--cors-origin=https://shop.example:443 | write https://shop.example",
                "--cors-origin=*,https://shop.example | leave it out",
            })
    void shouldNameTheOptionItsValueAndItsBounds(final String option, final String bounds) {
        assertThat(execute("run", option)).isEqualTo(2);
        assertOneLine().startsWith("millrace: " + option + ": ").contains(bounds);
        assertThat(config).isNull();
    }

    @Test
    void shouldNameTheVariableOrTheFileThatAWrongValueCameFrom() throws IOException {
        environment.put("MILLRACE_MAX_BODY", "much");
        assertThat(execute("run")).isEqualTo(2);
        assertOneLine().startsWith("millrace: MILLRACE_MAX_BODY=much: not a size");

        environment.clear();
        final Path file = write("max-body=much\n");
        assertThat(execute("run", "--config=" + file)).isEqualTo(2);
        assertOneLine().startsWith("millrace: max-body in " + file + "=much: not a size");
    }

    @Test
    void shouldRefuseAnUnknownKeyInTheFile() throws IOException {
        final Path file = write("flsh=1s\n");
        assertThat(execute("run", "--config=" + file)).isEqualTo(2);
        assertOneLine().contains("unknown key 'flsh' in " + file + ", did you mean 'flush'?");
    }

    @Test
    void shouldRefuseAFileThatIsNotThereOrIsNone() throws IOException {
        assertThat(execute("run", "--config=" + folder.resolve("none"))).isEqualTo(2);
        assertOneLine().contains("there is no such file");
        assertThat(execute("run", "--config=" + folder)).isEqualTo(2);
        assertOneLine().contains("cannot be read");
        assertThat(execute("run", "--config=" + write("flush=\\u00zz"))).isEqualTo(2);
        assertOneLine().contains("not a properties file");
    }

    @Test
    void shouldSuggestWhatAnUnknownOptionMayMean() {
        assertThat(execute("run", "--lisen=127.0.0.1:1")).isEqualTo(2);
        assertOneLine()
                .startsWith("millrace: unknown option: '--lisen=127.0.0.1:1'")
                .contains("--listen", "millrace run --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--flush", "--flush=1s --flush=2s", "surplus"})
    void shouldRefuseACommandLineThatMakesNoSense(final String arguments) {
        assertThat(execute(("run " + arguments).split(" ", -1))).isEqualTo(2);
        assertOneLine().startsWith("millrace: ").contains("millrace run --help");
    }

    @Test
    void shouldRefuseAJournalTooSmallForTheLargestBody() {
        assertThat(execute("run", "--journal-size=8MiB")).isEqualTo(2);
        assertOneLine()
                .startsWith("millrace: --journal-size=8MiB: too small for --max-body=1MiB")
                .contains("give --journal-size=16MiB or more, or a smaller --max-body");
        assertThat(execute("run", "--journal-size=16MiB")).isZero();
        assertThat(execute("run", "--max-body=64MiB")).isEqualTo(2);
        assertOneLine().contains("--journal-size=1GiB or more");
    }

    @Test
    void shouldTakeWriteKeysFromEachPlaceAndNeverShowThem() throws IOException {
        assertThat(execute("run")).isZero();
        assertThat(config.ingest().writeKeys()).isSameAs(WriteKeys.NONE);

        assertThat(execute("run", "--write-key=hunter2")).isZero();
        assertThat(config.ingest().writeKeys()).hasToString("1 write keys");
        environment.put("MILLRACE_WRITE_KEY", "hunter2,hunter3, hunter4");
        assertThat(execute("run")).isZero();
        assertThat(config.ingest().writeKeys()).hasToString("3 write keys");
        assertThat(config.toString()).doesNotContain("hunter");

        for (final String wrong :
                List.of("hunter2,,hunter3", "hunter2 3", "hunter:2", "@hunter2", "hunter" + "2".repeat(123))) {
            environment.put("MILLRACE_WRITE_KEY", wrong);
            assertThat(execute("run")).isEqualTo(2);
            assertOneLine()
                    .startsWith(
                            "millrace: MILLRACE_WRITE_KEY: must be 1 to 128 letters, digits, dots, hyphens or underscores")
                    .doesNotContain("hunter");
        }
        environment.clear();
        assertThat(execute("run", "--config=" + write("write-key = hunter2, hunter\u00e4")))
                .isEqualTo(2);
        assertOneLine().startsWith("millrace: write-key in ").doesNotContain("hunter");
        assertThat(execute("run", "--write-key=" + "k,".repeat(100) + "k")).isEqualTo(2);
        assertOneLine().contains("at most 100 keys");
    }

    @Test
    void shouldTakeWriteKeysFromAFile() throws IOException {
        final Path file = write("hunter2\nhunter3\n");
        assertThat(execute("run", "--write-keys-file=" + file)).isZero();
        assertThat(config.ingest().writeKeys()).hasToString("2 write keys");
        assertThat(config.writeKeysFile()).contains(file);
        environment.put("MILLRACE_WRITE_KEY", "hunter4");
        assertThat(execute("run", "--write-keys-file=" + file)).isEqualTo(2);
        assertOneLine()
                .startsWith("millrace: --write-keys-file=" + file + ": keys are given by --write-key (or"
                        + " MILLRACE_WRITE_KEY) too")
                .doesNotContain("hunter");
        environment.clear();
        assertThat(execute("run", "--write-keys-file=" + write("hunter 2"))).isEqualTo(2);
        assertOneLine().contains("has no key in line 1").doesNotContain("hunter");
        assertThat(execute("run", "--demo", "--write-keys-file=" + write("hunter2")))
                .isEqualTo(2);
        assertOneLine().contains("leave --demo or the write keys away");
    }

    @Test
    void shouldTakeACertificateAndItsKeyOrNeither() {
        assertThat(execute("run")).isZero();
        assertThat(config.tls()).isEmpty();
        assertThat(execute("run", "--tls-cert=a.crt", "--tls-key=a.key")).isZero();
        assertThat(config.tls().orElseThrow().all()).allMatch(Path::isAbsolute).hasSize(2);
        assertThat(execute("run", "--tls-cert=a.crt")).isEqualTo(2);
        assertOneLine().startsWith("millrace: --tls-cert=a.crt: of no use without --tls-key (or MILLRACE_TLS_KEY)");
        assertThat(execute("run", "--tls-key=a.key")).isEqualTo(2);
        assertOneLine().contains("of no use without --tls-cert");
        assertThat(execute("run", "--tls-cert=a.crt", "--tls-key=a.key", "--demo"))
                .isEqualTo(2);
        assertOneLine().contains("leave --demo or --tls-cert away");
    }

    @Test
    void shouldTakeOrigins() {
        assertThat(execute("run")).isZero();
        assertThat(config.ingest().cors()).hasToString("*");
        final String origins =
                "https://shop.example,https://*.shop.example:8443,http://127.0.0.1:3000,http://[::1]:1,capacitor://localhost,null";
        assertThat(execute("run", "--cors-origin", origins)).isZero();
        assertThat(config.ingest().cors()).hasToString(origins);
    }

    @Test
    void shouldTakeAPolicyForThoseWhoDoNotWantToBeKnown() {
        assertThat(execute("run")).isZero();
        assertThat(config.ingest().gpc()).isEqualTo(GpcPolicy.ANONYMIZE);
        environment.put("MILLRACE_GPC", "drop");
        assertThat(execute("run")).isZero();
        assertThat(config.ingest().gpc()).isEqualTo(GpcPolicy.DROP);
        assertThat(execute("run", "--gpc", "ignore")).isZero();
        assertThat(config.ingest().gpc()).isEqualTo(GpcPolicy.IGNORE);
    }

    @Test
    void shouldHaveRoomForTheLargestBody() {
        assertThat(execute("run")).isZero();
        assertThat(config.ingest().limits().collectedBytes()).isEqualTo(64 << 20);
        assertThat(execute("run", "--max-body=32MiB", "--journal-size=512MiB")).isZero();
        assertThat(config.ingest().limits().collectedBytes()).isEqualTo(128 << 20);
        assertThat(execute("run", "--body-memory=4MiB")).isZero();
        assertThat(config.ingest().limits().collectedBytes()).isEqualTo(4 << 20);
        assertThat(execute("run", "--body-memory=3MiB")).isEqualTo(2);
        assertOneLine()
                .startsWith("millrace: --body-memory=3MiB: too small for --max-body=1MiB")
                .contains("give --body-memory=4MiB or more, or a smaller --max-body");
    }

    @Test
    void shouldRefuseTwoServicesOnOnePort() {
        assertThat(execute("run", "--admin=127.0.0.1:8080")).isEqualTo(2);
        assertOneLine().contains("--admin=127.0.0.1:8080: the same as --listen=127.0.0.1:8080");
        assertThat(execute("run", "--admin=127.0.0.1:0", "--listen=127.0.0.1:0"))
                .isZero();
    }

    @Test
    void shouldTakeEveryFormOfRedisAndHowLongToKeepWhatItHas() {
        assertThat(execute(
                        "run",
                        "--redis=redis-sentinel://:pw@a:1,b:2/3#mill",
                        "--redis-wait-replicas=2",
                        "--keep=90s",
                        "--role=ingest"))
                .isZero();
        assertThat(config.redis()).contains(new ConnectionUri("redis-sentinel://:pw@a:1,b:2/3#mill"));
        assertThat(config.redisWaitReplicas()).isEqualTo(2);
        assertThat(config.keep()).isEqualTo(Duration.ofSeconds(90));
        assertThat(execute("run", "--redis=rediss-cluster://u:pw@a:1,b:2")).isZero();

        assertThat(execute("run", "--redis=redis-sentinel://:hunter2@a:1,b:2")).isEqualTo(2);
        assertOneLine()
                .startsWith("millrace: --redis: must be redis://")
                .contains("the master that the Sentinels watch is not named behind a #")
                .doesNotContain("hunter2");
        assertThat(execute("run", "--redis=redis://:hunter2@a:1,b:2")).isEqualTo(2);
        assertOneLine().contains("several hosts need redis-cluster://").doesNotContain("hunter2");
    }

    @Test
    void shouldNotWaitForReplicasOfAnEmbeddedRedis() {
        assertThat(execute("run", "--redis-wait-replicas=1")).isEqualTo(2);
        assertOneLine().startsWith("millrace: --redis-wait-replicas=1: ").contains("--redis");
    }

    @Test
    void shouldWantARedisThatTwoRolesCanShare() {
        assertThat(execute("run", "--role=ingest")).isEqualTo(2);
        assertOneLine().contains("--role=ingest").contains("--redis");
        assertThat(execute("run", "--role=ingest", "--redis=redis://localhost")).isZero();
    }

    @Test
    void shouldSayOnOneLineWhyAStartWasRefused() {
        final int status = MillraceCommand.execute(
                new String[] {"run"},
                ignored -> {
                    throw new StartupException("the port is taken:\ngive another --listen");
                },
                environment,
                new PrintWriter(out),
                new PrintWriter(err, true));
        assertThat(status).isEqualTo(2);
        assertOneLine().isEqualTo("millrace: the port is taken: give another --listen\n");
    }

    @Test
    void shouldReturnTheStatusOfTheServer() {
        assertThat(MillraceCommand.execute(
                        new String[] {"run"}, ignored -> 7, environment, new PrintWriter(out), new PrintWriter(err)))
                .isEqualTo(7);
    }

    @Test
    void shouldListEveryOptionWithDefaultAndBounds() {
        assertThat(execute("run", "--help")).isZero();
        final String help = out.toString().replaceAll("\\s+", " ");
        assertThat(help)
                .contains("Network:", "Stores:", "Data path:", "Limits:")
                .contains("--flush=TIME How often counts are written. 100ms to 1m (default: 1s)")
                .contains("--journal-size=SIZE", "a power of two, 64KiB to 1GiB (default: 64MiB)")
                .contains("--role=NAME", "all, ingest, aggregate (default: all)");
        assertThat(List.of(
                        "listen",
                        "admin",
                        "data-dir",
                        "redis",
                        "postgres",
                        "node",
                        "event-loops",
                        "transport",
                        "write-key",
                        "cors-origin"))
                .allSatisfy(name -> assertThat(help).contains("--" + name + "="));
        assertThat(List.of(
                        "max-request-line",
                        "max-fields",
                        "max-field-count",
                        "max-body",
                        "body-memory",
                        "max-connections",
                        "keep"))
                .allSatisfy(name -> assertThat(help).contains("--" + name + "="));
        assertThat(List.of("journal-dir", "window", "startup-timeout", "shutdown-timeout", "idle-timeout", "config"))
                .allSatisfy(name -> assertThat(help).contains("--" + name + "="));
        assertThat(config).isNull();
    }

    @Test
    void shouldPrintWhatWasBuilt() {
        assertThat(execute("--version")).isZero();
        assertThat(out.toString().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).matches("millrace \\d+\\.\\d+\\.\\d+(-\\S+)?"),
                        line -> assertThat(line).matches("commit (unknown|[0-9a-f]{12,40}(-modified)?)"),
                        line -> assertThat(line)
                                .matches("built with JDK \\d\\S*, runs on Java "
                                        + Pattern.quote(Runtime.version().toString())));
    }

    private static InetSocketAddress address(final String host, final int port) {
        return new InetSocketAddress(host, port);
    }

    private Path write(final String properties) throws IOException {
        return Files.writeString(folder.resolve("millrace.properties"), properties);
    }

    private int execute(final String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        config = null;
        return MillraceCommand.execute(
                arguments,
                given -> {
                    config = given;
                    return 0;
                },
                environment,
                new PrintWriter(out, true),
                new PrintWriter(err, true));
    }

    private AbstractStringAssert<?> assertOneLine() {
        assertThat(err.toString()).hasLineCount(1);
        return assertThat(err.toString());
    }
}
