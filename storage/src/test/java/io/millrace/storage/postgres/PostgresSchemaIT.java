package io.millrace.storage.postgres;

import static io.millrace.storage.testing.PostgresExtension.execute;
import static io.millrace.storage.testing.PostgresExtension.rows;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.process.HeldPort;
import io.millrace.storage.testing.PostgresExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSchemaIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Test
    void shouldPrepareADatabaseOnceAndAcceptItAgain() throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, 10_000, TIMEOUT);
        PostgresSchema.prepare(database, 10_000, TIMEOUT);
        assertThat(rows(database, "SELECT version, script FROM millrace_schema_versions ORDER BY version"))
                .containsExactly(
                        List.of("1", "V001__windows.sql"),
                        List.of("2", "V002__event_ids.sql"),
                        List.of("3", "V003__user_times.sql"));
        assertThat(rows(database, "SELECT name, value FROM millrace_settings"))
                .containsExactly(List.of("window_millis", "10000"));
    }

    @Test
    void shouldLetServersStartTogether() throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase();
        final ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            final List<Future<?>> starts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                starts.add(executor.submit(() -> PostgresSchema.prepare(database, 10_000, TIMEOUT)));
            }
            for (final Future<?> start : starts) {
                start.get(120, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(rows(database, "SELECT 1 FROM millrace_schema_versions")).hasSize(3);
    }

    @Test
    void shouldRefuseAnotherWindowSize() throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, 10_000, TIMEOUT);
        assertRefused(() -> PostgresSchema.prepare(database, 60_000, TIMEOUT), "--window is 60000 ms", "10000ms");
    }

    @Test
    void shouldRefuseAnotherEncoding() throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        assertRefused(() -> PostgresSchema.prepare(database, 10_000, TIMEOUT), "encoding LATIN1", "UTF8 is needed");
    }

    @Test
    void shouldRefuseASchemaThatIsNotItsOwn() throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, 10_000, TIMEOUT);
        execute(database, "INSERT INTO millrace_schema_versions (version, script, sha256) VALUES (99, 'V099', 'x')");
        assertRefused(() -> PostgresSchema.prepare(database, 10_000, TIMEOUT), "version 99", "newer program");
        execute(
                database,
                "DELETE FROM millrace_schema_versions WHERE version = 99",
                "UPDATE millrace_schema_versions SET sha256 = 'x'");
        assertRefused(() -> PostgresSchema.prepare(database, 10_000, TIMEOUT), "version 1", "another script");
    }

    @Test
    void shouldRefuseAUserThatMayNotMakeTables() throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase();
        execute(
                database,
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
                "CREATE ROLE reader LOGIN PASSWORD 'secret word'");
        final PostgresSettings reader = new PostgresSettings(database.jdbcUrl(), "reader", "secret word");
        assertRefused(() -> PostgresSchema.prepare(reader, 10_000, TIMEOUT), "42501", "may create tables");
    }

    @Test
    void shouldRefuseAWrongPasswordAtOnceAndNotTellIt() throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase();
        final PostgresSettings wrong = new PostgresSettings(database.jdbcUrl(), database.user(), "guess");
        assertRefused(() -> PostgresSchema.prepare(wrong, 10_000, TIMEOUT), "28P01", "check user, password");
        final PostgresSettings missing =
                new PostgresSettings(database.jdbcUrl() + "&x=", database.user(), database.password());
        assertThat(missing.toString()).doesNotContain(database.password());
    }

    @Test
    void shouldGiveUpOnAServerThatIsNotThere() throws Exception {
        try (HeldPort nobody = HeldPort.take()) {
            final PostgresSettings nowhere =
                    new PostgresSettings("jdbc:postgresql://127.0.0.1:" + nobody.number() + "/x", "u", "p");
            assertRefused(
                    () -> PostgresSchema.prepare(nowhere, 10_000, Duration.ofMillis(200)),
                    "cannot be reached within 200 ms",
                    "--startup-timeout");
        }
    }

    @Test
    void shouldGiveUpOnAServerThatDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            final PostgresSettings settings =
                    new PostgresSettings("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/x", "u", "p");
            assertRefused(
                    () -> PostgresSchema.prepare(settings, 10_000, Duration.ofMillis(300)),
                    "cannot be reached within 300 ms");
        }
    }

    @Test
    void shouldWaitForAServerThatIsStartingUp() throws Exception {
        final AtomicInteger refusals = new AtomicInteger();
        final Thread server;
        try (ServerSocket starting = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            server = new Thread(() -> refuseAsStartingUp(starting, refusals));
            server.start();
            final PostgresSettings settings = new PostgresSettings(
                    "jdbc:postgresql://127.0.0.1:" + starting.getLocalPort() + "/x?sslmode=disable&gssEncMode=disable",
                    "u",
                    "p");
            assertRefused(
                    () -> PostgresSchema.prepare(settings, 10_000, Duration.ofSeconds(3)),
                    "the database system is starting up",
                    "57P03");
        }
        server.join();
        assertThat(refusals).hasValueGreaterThan(1);
    }

    /** Answers each start-up message the way a server in recovery does. */
    private static void refuseAsStartingUp(final ServerSocket starting, final AtomicInteger refusals) {
        final byte[] fields = "SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0".getBytes(US_ASCII);
        while (!starting.isClosed()) {
            try (Socket client = starting.accept()) {
                if (client.getInputStream().read(new byte[8192]) > 0) {
                    client.getOutputStream().write(new byte[] {'E', 0, 0, 0, (byte) (fields.length + 4)});
                    client.getOutputStream().write(fields);
                    client.getOutputStream().flush();
                    refusals.incrementAndGet();
                }
            } catch (final IOException e) {
                // The socket was closed: the test is over. Anything else shows in the number of refusals.
                refusals.addAndGet(starting.isClosed() ? 0 : -1);
            }
        }
    }

    private static void assertRefused(final ThrowingCallable start, final String... parts) {
        assertThatThrownBy(start)
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll(parts)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
}
