package io.millrace.storage.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.process.Tools;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.Signals;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    private static final int NOBODY = 65534;

    @TempDir
    Path dataDir;

    @Test
    void shouldRunWithTheSettingsThatDurabilityNeeds() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir);
                Connection connection = connect(postgres)) {
            final Map<String, String> expected = Map.ofEntries(
                    Map.entry("fsync", "on"),
                    Map.entry("synchronous_commit", "on"),
                    Map.entry("full_page_writes", "on"),
                    Map.entry("data_checksums", "on"),
                    Map.entry("server_encoding", "UTF8"),
                    Map.entry("log_timezone", "UTC"),
                    Map.entry("lc_messages", "C"),
                    Map.entry("listen_addresses", "127.0.0.1"),
                    Map.entry("unix_socket_directories", ""),
                    Map.entry("password_encryption", "scram-sha-256"));
            for (final Map.Entry<String, String> setting : expected.entrySet()) {
                assertThat(query(
                                connection,
                                "SELECT setting FROM pg_settings WHERE name ILIKE '" + setting.getKey() + "'"))
                        .as(setting.getKey())
                        .isEqualTo(setting.getValue());
            }
            assertThat(query(connection, "SELECT datcollate FROM pg_database WHERE datname = 'millrace'"))
                    .isEqualTo("C");
            assertThat(query(connection, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void shouldKeepItsFolderAndPasswordPrivate() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            assertThat(permissions("postgres")).isEqualTo("rwx------");
            assertThat(permissions("postgres/cluster")).isEqualTo("rwx------");
            assertThat(permissions("postgres/password")).isEqualTo("rw-------");
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "guessed"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void shouldKeepDataAndPortOverARestart() throws Exception {
        final String url;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            url = postgres.jdbcUrl();
            store(postgres, "first");
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            assertThat(postgres.jdbcUrl()).isEqualTo(url);
            assertThat(stored(postgres)).isEqualTo("first");
        }
    }

    @Test
    void shouldRecoverWhatWasCommittedWhenTheServerWasKilled() throws Exception {
        final EmbeddedPostgres killed = EmbeddedPostgres.start(dataDir);
        store(killed, "committed");
        Signals.send("KILL", killed.pid());
        killed.close();

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            assertThat(stored(postgres)).isEqualTo("committed");
        }
    }

    @Test
    void shouldComeBackByItselfAtTheSameAddressWhenKilled() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            final String url = postgres.jdbcUrl();
            store(postgres, "committed");
            for (int i = 0; i < 2; i++) {
                final long pid = postgres.pid();
                try (Connection open = connect(postgres);
                        Statement statement = open.createStatement()) {
                    open.setAutoCommit(false);
                    statement.execute("UPDATE kept SET value = 'not committed'");
                    Signals.send("KILL", pid);
                    Await.until("another one runs", () -> postgres.pid() != pid);
                }
                assertThat(Await.success("it answers", () -> stored(postgres))).isEqualTo("committed");
            }
            assertThat(postgres.jdbcUrl()).isEqualTo(url);
            assertThat(postgres.isAlive()).isTrue();
        }
    }

    @Test
    void shouldComeBackAgainAfterAPidFileThatNamesAStranger() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            store(postgres, "committed");
            final long pid = postgres.pid();
            final Path pidFile = dataDir.resolve("postgres/cluster/postmaster.pid");
            final List<String> lines = new ArrayList<>(Files.readAllLines(pidFile));
            lines.set(0, Long.toString(ProcessHandle.current().pid()));
            Files.write(pidFile, lines);
            Signals.send("KILL", pid);
            Await.until("another one runs", () -> postgres.pid() != pid);
            assertThat(Await.success("it answers", () -> stored(postgres))).isEqualTo("committed");
        }
    }

    @Test
    void shouldLetPsqlInByItsUriFile() throws Exception {
        assumeThat(Tools.find("psql")).isPresent();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            store(postgres, "seen");
            assertThat(permissions("postgres/uri")).isEqualTo("rw-------");
            assertThat(psql()).isEqualTo(new Tools.Result(0, "seen\n"));
        }
        Files.writeString(dataDir.resolve("postgres/port"), "1\n");
        final String before = Files.readString(dataDir.resolve("postgres/uri"));
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            assertThat(dataDir.resolve("postgres/uri"))
                    .content()
                    .isNotEqualTo(before)
                    .contains(postgres.jdbcUrl().replaceAll(".*(127.0.0.1:\\d+).*", "$1"));
            assertThat(psql()).isEqualTo(new Tools.Result(0, "seen\n"));
        }
    }

    private Tools.Result psql() throws IOException, InterruptedException {
        return Tools.run(List.of(
                "/bin/sh",
                "-c",
                "psql \"$(cat \"$0\")\" -XAtc 'SELECT value FROM kept'",
                dataDir.resolve("postgres/uri").toString()));
    }

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
        final long orphan;
        try (PostgresOwner owner = PostgresOwner.start(dataDir)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(dataDir))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("another process, pid " + owner.pid() + ")");
            orphan = owner.serverPid();
            assertThat(ProcessHandle.of(orphan)).isPresent();
            owner.kill();
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            // It has ended; whoever inherited it reaps it when it comes to it.
            Await.until("the orphan is gone", () -> ProcessHandle.of(orphan).isEmpty());
            assertThat(stored(postgres)).isEqualTo(PostgresOwner.STORED);
        }
    }

    @Test
    void shouldEndWithItsOwnerThatWasKilled() throws Exception {
        try (PostgresOwner owner = PostgresOwner.start(dataDir)) {
            final ProcessHandle server = ProcessHandle.of(owner.serverPid()).orElseThrow();
            owner.kill();
            server.onExit().get(60, TimeUnit.SECONDS);
            assertThat(server.isAlive()).isFalse();
        }
    }

    @Test
    void shouldStopAServerThatOutlivedItsOwner() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            store(postgres, "orphaned");
        }
        final Process orphan = startWithoutOwner();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            assertThat(orphan.isAlive()).isFalse();
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
        for (int polls = 0; polls < 3_000 && !ready && !process.waitFor(10, TimeUnit.MILLISECONDS); polls++) {
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
    void shouldBeginAnewAfterAnInterruptedInitialization() throws Exception {
        Files.createDirectories(dataDir.resolve("postgres/cluster.new/base"));
        Files.writeString(dataDir.resolve("postgres/cluster.new/PG_VERSION"), "17\n");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
            store(postgres, "new");
            assertThat(stored(postgres)).isEqualTo("new");
        }
    }

    @Test
    void shouldSayWhatIsWrongWithADamagedFolder() throws Exception {
        EmbeddedPostgres.start(dataDir).close();
        Files.writeString(dataDir.resolve("postgres/cluster/PG_VERSION"), "12\n");
        assertThatThrownBy(() -> EmbeddedPostgres.start(dataDir))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("database files are incompatible with server")
                .hasMessageContaining("server.log");
    }

    @Test
    void shouldNotInventAPasswordForAFolderWithData() throws Exception {
        EmbeddedPostgres.start(dataDir).close();
        Files.delete(dataDir.resolve("postgres/password"));
        assertThatThrownBy(() -> EmbeddedPostgres.start(dataDir))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("password file");
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

    private String permissions(final String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(dataDir.resolve(path)));
    }

    static void store(final EmbeddedPostgres postgres, final String text) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept AS SELECT '" + text + "'::text AS value");
        }
    }

    private static String stored(final EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = connect(postgres)) {
            return query(connection, "SELECT value FROM kept");
        }
    }

    private static Connection connect(final EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private static String query(final Connection connection, final String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).as(sql).isTrue();
            return result.getString(1);
        }
    }
}
