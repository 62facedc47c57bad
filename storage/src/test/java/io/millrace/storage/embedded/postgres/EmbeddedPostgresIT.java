package io.millrace.storage.embedded.postgres;

import static io.millrace.storage.embedded.postgres.KeptValue.connect;
import static io.millrace.storage.embedded.postgres.KeptValue.query;
import static io.millrace.storage.embedded.postgres.KeptValue.store;
import static io.millrace.storage.embedded.postgres.KeptValue.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.process.Tools;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedPostgresIT {
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

    /** Each of PostgreSQL's processes begins a session, and nice(1) counts only within one: sched(7). */
    @Test
    void shouldStandBackAmongTheSessionsOfTheKernel() throws Exception {
        final Path enabled = Path.of("/proc/sys/kernel/sched_autogroup_enabled");
        assumeThat(Files.exists(enabled) && Files.readString(enabled).startsWith("1"))
                .as("the kernel has autogroups, and they are on")
                .isTrue();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir);
                Connection connection = connect(postgres)) {
            final Path backend = Path.of("/proc", query(connection, "SELECT pg_backend_pid()"), "autogroup");
            assumeThat(backend).as("this process has an autogroup").exists();
            Await.until(
                    "the session of the connection's process stands back",
                    () -> Files.readString(backend).strip().endsWith(" nice 10"));
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

    private String permissions(final String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(dataDir.resolve(path)));
    }
}
