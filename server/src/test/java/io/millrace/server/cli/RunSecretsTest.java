package io.millrace.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.config.ConnectionUri;
import io.millrace.server.ingest.WriteKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, keys, tokens and certificates: taken from each place, and never shown. */
class RunSecretsTest {
    @TempDir
    Path folder;

    private final Shell shell = new Shell();

    @Test
    void shouldNeverPrintAPassword() {
        assertThat(shell.execute(
                        "run",
                        "--redis=redis://user:hunter2@host",
                        "--postgres=jdbc:postgresql://host/db?user=u&password=hunter2"))
                .isZero();
        assertThat(shell.config().redis()).contains(new ConnectionUri("redis://user:hunter2@host"));
        assertThat(shell.config().toString()).doesNotContain("hunter2").contains("redis://…", "jdbc:postgresql://…");

        assertThat(shell.execute("run", "--redis=user:hunter2@host")).isEqualTo(2);
        shell.assertError().startsWith("millrace: --redis: must be redis://").doesNotContain("hunter2");
        assertThat(shell.execute("run", "--postgres=postgres://u:hunter2@host/db"))
                .isEqualTo(2);
        shell.assertError()
                .startsWith("millrace: --postgres: must be jdbc:postgresql://")
                .doesNotContain("hunter2");
    }

    @Test
    void shouldAskForATokenOffLoopback() {
        assertThat(shell.execute("run", "--admin=0.0.0.0:9090")).isEqualTo(2);
        shell.assertError()
                .startsWith("millrace: --admin=0.0.0.0:9090: not a loopback address")
                .contains("--admin-token", "127.0.0.1:9090");

        shell.environment().put("MILLRACE_ADMIN_TOKEN", "0123456789abcdef");
        assertThat(shell.execute("run", "--admin=0.0.0.0:9090", "--admin-host", "Stats.example, 10.0.0.1,fd00::1"))
                .isZero();
        assertThat(shell.config().admin().token()).contains("0123456789abcdef");
        assertThat(shell.config().admin().hosts()).containsExactlyInAnyOrder("Stats.example", "10.0.0.1", "fd00::1");
        assertThat(shell.config().toString()).doesNotContain("0123456789abcdef");
    }

    @Test
    void shouldNotShowAWrongToken() {
        assertThat(shell.execute("run", "--admin-token=too short")).isEqualTo(2);
        shell.assertError()
                .startsWith("millrace: --admin-token: must be 16 to 256 ")
                .doesNotContain("too short");
        assertThat(shell.execute("run", "--admin-host=stats.example:9090")).isEqualTo(2);
        shell.assertError().startsWith("millrace: --admin-host=stats.example:9090: must be names or addresses");
    }

    @Test
    void shouldTakeWriteKeysFromEachPlaceAndNeverShowThem() throws IOException {
        assertThat(shell.execute("run")).isZero();
        assertThat(shell.config().ingest().writeKeys()).isSameAs(WriteKeys.NONE);

        assertThat(shell.execute("run", "--write-key=hunter2")).isZero();
        assertThat(shell.config().ingest().writeKeys()).hasToString("1 write keys");
        shell.environment().put("MILLRACE_WRITE_KEY", "hunter2,hunter3, hunter4");
        assertThat(shell.execute("run")).isZero();
        assertThat(shell.config().ingest().writeKeys()).hasToString("3 write keys");
        assertThat(shell.config().toString()).doesNotContain("hunter");

        for (final String wrong :
                List.of("hunter2,,hunter3", "hunter2 3", "hunter:2", "@hunter2", "hunter" + "2".repeat(123))) {
            shell.environment().put("MILLRACE_WRITE_KEY", wrong);
            assertThat(shell.execute("run")).isEqualTo(2);
            shell.assertError()
                    .startsWith(
                            "millrace: MILLRACE_WRITE_KEY: must be 1 to 128 letters, digits, dots, hyphens or underscores")
                    .doesNotContain("hunter");
        }
        shell.environment().clear();
        assertThat(shell.execute("run", "--config=" + Shell.write(folder, "write-key = hunter2, hunter\u00e4")))
                .isEqualTo(2);
        shell.assertError().startsWith("millrace: write-key in ").doesNotContain("hunter");
        assertThat(shell.execute("run", "--write-key=" + "k,".repeat(100) + "k"))
                .isEqualTo(2);
        shell.assertError().contains("at most 100 keys");
    }

    @Test
    void shouldTakeWriteKeysFromAFile() throws IOException {
        final Path file = Shell.write(folder, "hunter2\nhunter3\n");
        assertThat(shell.execute("run", "--write-keys-file=" + file)).isZero();
        assertThat(shell.config().ingest().writeKeys()).hasToString("2 write keys");
        assertThat(shell.config().writeKeysFile()).contains(file);
        shell.environment().put("MILLRACE_WRITE_KEY", "hunter4");
        assertThat(shell.execute("run", "--write-keys-file=" + file)).isEqualTo(2);
        shell.assertError()
                .startsWith("millrace: --write-keys-file=" + file + ": keys are given by --write-key (or"
                        + " MILLRACE_WRITE_KEY) too")
                .doesNotContain("hunter");
        shell.environment().clear();
        assertThat(shell.execute("run", "--write-keys-file=" + Shell.write(folder, "hunter 2")))
                .isEqualTo(2);
        shell.assertError().contains("has no key in line 1").doesNotContain("hunter");
        assertThat(shell.execute("run", "--demo", "--write-keys-file=" + Shell.write(folder, "hunter2")))
                .isEqualTo(2);
        shell.assertError().contains("leave --demo or the write keys away");
    }

    @Test
    void shouldTakeACertificateAndItsKeyOrNeither() {
        assertThat(shell.execute("run")).isZero();
        assertThat(shell.config().tls()).isEmpty();
        assertThat(shell.execute("run", "--tls-cert=a.crt", "--tls-key=a.key")).isZero();
        assertThat(shell.config().tls().orElseThrow().all())
                .allMatch(Path::isAbsolute)
                .hasSize(2);
        assertThat(shell.execute("run", "--tls-cert=a.crt")).isEqualTo(2);
        shell.assertError().startsWith("millrace: --tls-cert=a.crt: of no use without --tls-key (or MILLRACE_TLS_KEY)");
        assertThat(shell.execute("run", "--tls-key=a.key")).isEqualTo(2);
        shell.assertError().contains("of no use without --tls-cert");
        assertThat(shell.execute("run", "--tls-cert=a.crt", "--tls-key=a.key", "--demo"))
                .isEqualTo(2);
        shell.assertError().contains("leave --demo or --tls-cert away");
    }
}
