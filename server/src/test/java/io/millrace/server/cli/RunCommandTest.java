package io.millrace.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.config.AdminConfig;
import io.millrace.server.config.Role;
import io.millrace.server.ingest.GpcPolicy;
import io.millrace.server.ingest.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code run} takes its options from, and in which forms. */
class RunCommandTest {
    @TempDir
    Path folder;

    private final Shell shell = new Shell();

    @Test
    void shouldRunWithTheDefaults() {
        assertThat(shell.execute("run")).isZero();

        assertThat(shell.config().listen()).isEqualTo(Shell.address("127.0.0.1", 8080));
        assertThat(shell.config().admin())
                .isEqualTo(new AdminConfig(Shell.address("127.0.0.1", 9090), Set.of(), Optional.empty()));
        assertThat(shell.config().demo()).isFalse();
        assertThat(shell.config().dataDir()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(shell.config().redis()).isEmpty();
        assertThat(shell.config().postgres()).isEmpty();
        assertThat(shell.config().role()).isEqualTo(Role.ALL);
        assertThat(shell.config().node()).isEmpty();
        assertThat(shell.config().eventLoops()).isPositive();
        assertThat(shell.config().transport()).isEqualTo(Transport.AUTO);
        assertThat(shell.config().journal().directory())
                .isEqualTo(Path.of("data/journal").toAbsolutePath());
        assertThat(shell.config().journal().sizeBytes()).isEqualTo(64 << 20);
        assertThat(shell.config().window()).isEqualTo(Duration.ofSeconds(10));
        assertThat(shell.config().flush()).isEqualTo(Duration.ofSeconds(1));
        assertThat(shell.config().keep()).isEqualTo(Duration.ZERO);
        assertThat(shell.config().redisWaitReplicas()).isZero();
        assertThat(shell.config().dedupWindow()).isEqualTo(Duration.ofMinutes(10));
        assertThat(shell.config().retention()).isEmpty();
        assertThat(shell.config().startupTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(shell.config().shutdownTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(shell.config().ingest().limits().requestLineBytes()).isEqualTo(8192);
        assertThat(shell.config().ingest().limits().fieldBytes()).isEqualTo(16384);
        assertThat(shell.config().ingest().limits().fieldCount()).isEqualTo(100);
        assertThat(shell.config().ingest().limits().bodyBytes()).isEqualTo(1 << 20);
        assertThat(shell.config().ingest().limits().headerTimeMillis()).isEqualTo(10_000);
        assertThat(shell.config().ingest().limits().bodyTimeMillis()).isEqualTo(30_000);
        assertThat(shell.config().ingest().limits().idleTimeMillis()).isEqualTo(60_000);
        assertThat(shell.config().ingest().limits().connections()).isEqualTo(10_000);
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void shouldTakeTheCommandLineBeforeTheEnvironmentBeforeTheFileBeforeTheDefault() throws IOException {
        final Path file = Shell.write(folder, "flush=4s\nwindow=1m\nmax-body=2MiB\n");
        shell.environment().put("MILLRACE_FLUSH", "3s");
        shell.environment().put("MILLRACE_WINDOW", "30s");

        assertThat(shell.execute("run", "--flush", "2s", "--config", file.toString()))
                .isZero();

        assertThat(shell.config().flush()).isEqualTo(Duration.ofSeconds(2));
        assertThat(shell.config().window()).isEqualTo(Duration.ofSeconds(30));
        assertThat(shell.config().ingest().limits().bodyBytes()).isEqualTo(2 << 20);
        assertThat(shell.config().ingest().limits().fieldCount()).isEqualTo(100);
    }

    @Test
    void shouldTakeTheFileFromTheEnvironment() throws IOException {
        shell.environment()
                .put(
                        "MILLRACE_CONFIG",
                        Shell.write(folder, "role = all\nnode = mill-1\n").toString());
        assertThat(shell.execute("run")).isZero();
        assertThat(shell.config().node()).contains("mill-1");
    }

    @Test
    void shouldTakeAnEmptyVariableForNone() {
        shell.environment().put("MILLRACE_REDIS", "");
        shell.environment().put("MILLRACE_CONFIG", "");
        assertThat(shell.execute("run")).isZero();
        assertThat(shell.config().redis()).isEmpty();
    }

    @Test
    void shouldTakeEveryFormOfAddressSizeAndTime() {
        assertThat(shell.execute(
                        "run",
                        "--listen=[::1]:0",
                        "--admin=localhost:1234",
                        "--journal-size=33554432",
                        "--max-body=512kib",
                        "--header-timeout=1500ms",
                        "--window=1h"))
                .isZero();
        assertThat(shell.config().listen()).isEqualTo(Shell.address("::1", 0));
        assertThat(shell.config().admin().address()).isEqualTo(Shell.address("localhost", 1234));
        assertThat(shell.config().journal().sizeBytes()).isEqualTo(32 << 20);
        assertThat(shell.config().ingest().limits().bodyBytes()).isEqualTo(512 << 10);
        assertThat(shell.config().ingest().limits().headerTimeMillis()).isEqualTo(1500);
        assertThat(shell.config().window()).isEqualTo(Duration.ofHours(1));
        assertThat(shell.execute("run", "--retention=90d")).isZero();
        assertThat(shell.config().retention()).contains(Duration.ofDays(90));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0s", "0ms", "00m"})
    void shouldSwitchDeduplicationOff(final String zero) {
        assertThat(shell.execute("run", "--dedup-window", zero)).isZero();
        assertThat(shell.config().dedupWindow()).isZero();
    }

    @Test
    void shouldTurnTheDemoOnByItsNameAlone() {
        assertThat(shell.execute("run", "--demo", "--flush=2s")).isZero();
        assertThat(shell.config().demo()).isTrue();
        assertThat(shell.config().flush()).isEqualTo(Duration.ofSeconds(2));
        shell.environment().put("MILLRACE_DEMO", "true");
        assertThat(shell.execute("run", "--demo=false")).isZero();
        assertThat(shell.config().demo()).isFalse();
        shell.environment().put("MILLRACE_DEMO", "yes");
        assertThat(shell.execute("run")).isEqualTo(2);
        shell.assertError().startsWith("millrace: MILLRACE_DEMO=yes: must be true or false");
    }

    @Test
    void shouldKeepTheJournalInTheDataFolder() {
        assertThat(shell.execute("run", "--data-dir", folder.toString())).isZero();
        assertThat(shell.config().journal().directory()).isEqualTo(folder.resolve("journal"));
        assertThat(shell.execute("run", "--data-dir", folder.toString(), "--journal-dir", "/ring"))
                .isZero();
        assertThat(shell.config().journal().directory()).isEqualTo(Path.of("/ring"));
    }

    @Test
    void shouldTakeOrigins() {
        assertThat(shell.execute("run")).isZero();
        assertThat(shell.config().ingest().cors()).hasToString("*");
        final String origins =
                "https://shop.example,https://*.shop.example:8443,http://127.0.0.1:3000,http://[::1]:1,capacitor://localhost,null";
        assertThat(shell.execute("run", "--cors-origin", origins)).isZero();
        assertThat(shell.config().ingest().cors()).hasToString(origins);
    }

    @Test
    void shouldTakeAPolicyForThoseWhoDoNotWantToBeKnown() {
        assertThat(shell.execute("run")).isZero();
        assertThat(shell.config().ingest().gpc()).isEqualTo(GpcPolicy.ANONYMIZE);
        shell.environment().put("MILLRACE_GPC", "drop");
        assertThat(shell.execute("run")).isZero();
        assertThat(shell.config().ingest().gpc()).isEqualTo(GpcPolicy.DROP);
        assertThat(shell.execute("run", "--gpc", "ignore")).isZero();
        assertThat(shell.config().ingest().gpc()).isEqualTo(GpcPolicy.IGNORE);
    }

    @Test
    void shouldHaveRoomForTheLargestBody() {
        assertThat(shell.execute("run")).isZero();
        assertThat(shell.config().ingest().limits().collectedBytes()).isEqualTo(64 << 20);
        assertThat(shell.execute("run", "--max-body=32MiB", "--journal-size=512MiB"))
                .isZero();
        assertThat(shell.config().ingest().limits().collectedBytes()).isEqualTo(128 << 20);
        assertThat(shell.execute("run", "--body-memory=4MiB")).isZero();
        assertThat(shell.config().ingest().limits().collectedBytes()).isEqualTo(4 << 20);
        assertThat(shell.execute("run", "--body-memory=3MiB")).isEqualTo(2);
        shell.assertError()
                .startsWith("millrace: --body-memory=3MiB: too small for --max-body=1MiB")
                .contains("give --body-memory=4MiB or more, or a smaller --max-body");
    }

    @Test
    void shouldReturnTheStatusOfTheServer() {
        assertThat(shell.execute(ignored -> 7, "run")).isEqualTo(7);
    }
}
