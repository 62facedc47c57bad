package io.millrace.storage.embedded.postgres;

import static io.millrace.storage.embedded.postgres.KeptValue.store;
import static io.millrace.storage.embedded.postgres.KeptValue.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.storage.StartupException;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.Signals;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who owns a folder and its server, and as whom that runs. */
final class EmbeddedPostgresOwnerIT {
    private static final int NOBODY = 65534;

    @TempDir
    Path dataDir;

    @Test
    void shouldRefuseAFolderThatIsInUseByThisProcess() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(dataDir))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(dataDir.toRealPath().resolve("postgres") + " is in use")
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining("--data-dir");
            assertThat(postgres.isAlive()).isTrue();
        }
    }

    @Test
    void shouldRefuseAFolderThatIsInUseByAnotherProcessAndTakeItOverWhenThatIsKilled() throws Exception {
        final ProcessHandle orphan;
        try (PostgresOwner owner = PostgresOwner.start(dataDir)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(dataDir))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("another process, pid " + owner.pid() + ")");
            orphan = ProcessHandle.of(owner.serverPid()).orElseThrow();
            owner.kill();
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            // It has lost its files and its port; the rest of its end may take a moment more.
            Await.until("the orphan has ended", () -> Signals.hasEnded(orphan));
            assertThat(stored(postgres)).isEqualTo(PostgresOwner.STORED);
        }
    }

    @Test
    void shouldEndWithItsOwnerThatWasKilled() throws Exception {
        try (PostgresOwner owner = PostgresOwner.start(dataDir)) {
            final ProcessHandle server = ProcessHandle.of(owner.serverPid()).orElseThrow();
            owner.kill();
            Await.until("its server has ended", () -> Signals.hasEnded(server));
        }
    }

    @Test
    void shouldStopAServerThatOutlivedItsOwner() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            store(postgres, "orphaned");
        }
        final Process orphan = startWithoutOwner();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            assertThat(orphan.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(stored(postgres)).isEqualTo("orphaned");
        } finally {
            orphan.destroyForcibly();
        }
    }

    /** A server on the folder as it would be where neither setpriv nor a keeper ends it with its owner. */
    private Process startWithoutOwner() throws IOException, InterruptedException {
        final Path home = dataDir.resolve("postgres");
        final RunAs runAs = RunAs.choose(dataDir);
        final PostgresBinaries binaries = PostgresBinaries.locate(List.of(dataDir.resolve("cache")), runAs);
        final Path cluster = home.resolve("cluster");
        final int port = Integer.parseInt(Files.readString(home.resolve("port")).trim());
        final List<String> command =
                new ArrayList<>(runAs.command(List.of(binaries.program("postgres"), "-D", cluster.toString())));
        command.addAll(ServerParameters.arguments(port));
        final Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dataDir.resolve("orphan.log").toFile())
                .start();
        boolean ready = false;
        for (int polls = 0; polls < 12_000 && !ready && !process.waitFor(10, TimeUnit.MILLISECONDS); polls++) {
            ready = PostmasterFile.read(cluster).filter(PostmasterFile::isReady).isPresent();
        }
        assertThat(ready).as(Files.readString(dataDir.resolve("orphan.log"))).isTrue();
        return process;
    }

    @Test
    void shouldNotMistakeAnotherProcessForItsServer() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            store(postgres, "kept");
        }
        final Path cluster = dataDir.resolve("postgres/cluster");
        Files.writeString(
                cluster.resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n" + cluster + "\n");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            assertThat(stored(postgres)).isEqualTo("kept");
        }
    }

    @Test
    void shouldRunAsANormalUser() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        final Path shared = PostgresOwner.shareClassPath(dataDir.resolve("classes"));
        final Path folder = Files.createDirectory(dataDir.resolve("nobody"));
        Files.setPosixFilePermissions(dataDir, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(folder, "unix:uid", NOBODY);
        final List<String> asNobody =
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--");
        try (PostgresOwner owner = PostgresOwner.start(folder, asNobody, shared + "/*" + File.pathSeparator + shared)) {
            assertThat(uid(Path.of("/proc", Long.toString(owner.serverPid())))).isEqualTo(NOBODY);
            assertThat(uid(folder.resolve("postgres/cluster"))).isEqualTo(NOBODY);
        }
    }

    @Test
    void shouldRunAsAnotherUserWhereNamespacesAreForbidden() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Files.setPosixFilePermissions(dataDir, PosixFilePermissions.fromString("rwxr-xr-x"));
        final RunAs nobody = RunAs.byUid(Path.of("/usr/bin/setpriv"), NOBODY);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir, Duration.ofMinutes(1), nobody)) {
            assertThat(uid(Path.of("/proc", Long.toString(postgres.pid())))).isEqualTo(NOBODY);
            store(postgres, "by nobody");
        }
        // A start that can use a namespace takes the folder back.
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            assertThat(uid(dataDir.resolve("postgres/cluster/PG_VERSION"))).isZero();
            assertThat(stored(postgres)).isEqualTo("by nobody");
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir, Duration.ofMinutes(1), nobody)) {
            assertThat(stored(postgres)).isEqualTo("by nobody");
        }
    }

    private static int uid(final Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
