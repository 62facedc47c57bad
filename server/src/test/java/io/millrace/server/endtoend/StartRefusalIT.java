package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.storage.embedded.process.HeldPort;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A start that cannot succeed ends with status 2 and one line that says what is wrong and what to do. */
class StartRefusalIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @TempDir
    private Path dataDir;

    @Test
    void shouldRefuseWrongValue() throws Exception {
        start("--flush", "1ms").verify("--flush=1ms", "100ms");
    }

    @Test
    void shouldRefuseUnknownOption() throws Exception {
        start("--flsh", "1s").verify("'--flsh'", "--flush", "--help");
    }

    @Test
    void shouldRefuseJournalThatLargestBodyDoesNotFit() throws Exception {
        start("--journal-size", "1MiB").verify("--journal-size=1MiB", "--max-body=1MiB", "give --journal-size=");
    }

    @Test
    void shouldRefuseIngestPortInUse() throws Exception {
        try (ServerSocket other = listen()) {
            final String address = "127.0.0.1:" + other.getLocalPort();
            start(withStores("--listen", address)).verify("--listen", address, "free", "another");
        }
    }

    @Test
    void shouldRefuseAdminPortInUse() throws Exception {
        try (ServerSocket other = listen()) {
            final String address = "127.0.0.1:" + other.getLocalPort();
            start(withStores("--admin", address)).verify("--admin", address, "free", "another");
        }
    }

    @Test
    void shouldRefuseUnreachableRedis() throws Exception {
        try (HeldPort nobody = HeldPort.take()) {
            final String address = "127.0.0.1:" + nobody.number();
            start(
                            "--redis",
                            "redis://" + address,
                            "--postgres",
                            Stores.url(POSTGRES.newDatabase()),
                            "--startup-timeout",
                            "500ms")
                    .verify("redis", address, "500 ms", "check that it runs");
        }
    }

    @Test
    void shouldRefuseUnreachablePostgres() throws Exception {
        try (HeldPort nobody = HeldPort.take()) {
            final String address = "127.0.0.1:" + nobody.number();
            start(
                            "--redis",
                            REDIS.uri(),
                            "--postgres",
                            "jdbc:postgresql://" + address + "/millrace",
                            "--startup-timeout",
                            "500ms")
                    .verify("PostgreSQL", address + "/millrace", "500 ms", "start it");
        }
    }

    @Test
    void shouldRefuseWrongPassword() throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase();
        final RefusedStart refused = start(
                "--redis",
                REDIS.uri(),
                "--postgres",
                Stores.url(new PostgresSettings(database.jdbcUrl(), database.user(), "notThisOne")));
        refused.verify(database.target(), database.user(), "password", "--postgres");
        assertThat(refused.err()).noneMatch(line -> line.contains("notThisOne"));
    }

    @Test
    void shouldRefuseRedisThatEvicts() throws Exception {
        REDIS.commands().configSet("maxmemory-policy", "allkeys-lru");
        try {
            start(withStores()).verify("maxmemory_policy", "'allkeys-lru'", "CONFIG SET maxmemory-policy noeviction");
        } finally {
            REDIS.commands().configSet("maxmemory-policy", "noeviction");
        }
    }

    @Test
    void shouldRefuseDatabaseThatIsNotUtf8() throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        start("--redis", REDIS.uri(), "--postgres", Stores.url(database))
                .verify(database.target(), "LATIN1", "UTF8 is needed", "CREATE DATABASE");
    }

    @Test
    void shouldRefuseDatabaseOfAnotherWindow() throws Exception {
        final List<String> stores = List.of("--redis", REDIS.uri(), "--postgres", Stores.url(POSTGRES.newDatabase()));
        try (ServerProcess first = ServerProcess.start(with(stores, "--data-dir", dataDir.toString()))) {
            assertThat(first.stop()).as(first.output()).isZero();
        }
        start(with(stores, "--window", "20s")).verify("--window", "20000 ms", "10000 ms", "start with --window");
    }

    @Test
    void shouldRefuseDataFolderInUseAndLeaveItsOwnerAlone() throws Exception {
        final List<String> stores = List.of("--redis", REDIS.uri(), "--postgres", Stores.url(POSTGRES.newDatabase()));
        try (ServerProcess first = ServerProcess.start(with(stores, "--data-dir", dataDir.toString()))) {
            start(stores).verify(dataDir.toString(), "pid " + first.pid(), "another --data-dir");
            assertThat(first.admin("/readyz").status()).isEqualTo(200);
            start(stores).verify(dataDir.toString(), "pid " + first.pid(), "another --data-dir");
            assertThat(first.stop()).as(first.output()).isZero();
        }
    }

    @Test
    void shouldRefuseDiskWithoutRoomForItsJournal() throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", dataDir.toString()) == 0, "mount needs root");
        try {
            start(withStores()).verify("--journal-dir", "67108864 bytes", "make room", "--journal-size");
            try (var files = Files.list(dataDir.resolve("journal"))) {
                assertThat(files).isEmpty();
            }
        } finally {
            assertThat(run("umount", dataDir.toString())).isZero();
        }
    }

    private RefusedStart start(final String... options) throws Exception {
        return start(List.of(options));
    }

    /** With the test's folder and any free ports, unless the options say otherwise. */
    private RefusedStart start(final List<String> options) throws Exception {
        final List<String> all = with(options, "--data-dir", dataDir.toString());
        for (final String port : List.of("--listen", "--admin")) {
            if (!options.contains(port)) {
                all.addAll(List.of(port, "127.0.0.1:0"));
            }
        }
        return RefusedStart.of(all);
    }

    private List<String> withStores(final String... options) throws Exception {
        return with(List.of("--redis", REDIS.uri(), "--postgres", Stores.url(POSTGRES.newDatabase())), options);
    }

    private static List<String> with(final List<String> options, final String... more) {
        final List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return all;
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static int run(final String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
