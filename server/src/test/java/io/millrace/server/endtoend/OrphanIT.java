package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.Signals;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded stores end with their server, however it ends, and keep their data. */
class OrphanIT {
    private static final int EVENTS = 100;

    @TempDir
    private Path dataDir;

    @Test
    void shouldLeaveNoStoreBehindAndKeepTheirDataWhenItIsKilled() throws Exception {
        final List<String> options = List.of("--data-dir", dataDir.toString());
        final Set<ProcessHandle> first;
        try (ServerProcess server = ServerProcess.start(options)) {
            send(server);
            awaitStored(server, EVENTS);
            first = children(server);
            // Debian's redis-server is a link to a program of another name.
            assertThat(names(first))
                    .anyMatch(name -> name.startsWith("redis-"))
                    .anyMatch(name -> name.startsWith("postgres"));
            server.kill();
        }
        final Set<ProcessHandle> second;
        try (ServerProcess server = ServerProcess.start(options)) {
            awaitEnd("no store of the killed server is left", first);
            send(server);
            awaitStored(server, 2 * EVENTS);
            second = children(server);
            assertThat(server.stop()).as(server.output()).isZero();
        }
        awaitEnd("no child is left", second);
    }

    private static void awaitEnd(final String what, final Set<ProcessHandle> processes) throws Exception {
        for (final ProcessHandle process : processes) {
            Await.until(what, () -> Signals.hasEnded(process));
        }
    }

    private static Set<ProcessHandle> children(final ServerProcess server) {
        return ProcessHandle.of(server.pid()).orElseThrow().descendants().collect(Collectors.toSet());
    }

    private static Set<String> names(final Set<ProcessHandle> processes) {
        return processes.stream()
                .map(process -> process.info().command())
                .flatMap(Optional::stream)
                .map(command -> Path.of(command).getFileName().toString())
                .collect(Collectors.toSet());
    }

    private static void send(final ServerProcess server) throws Exception {
        try (HttpClient client = new HttpClient(server.ingest())) {
            for (int i = 0; i < EVENTS; i++) {
                client.get("/pixel.gif?u=" + i + "&a=view&e=orphan");
                assertThat(client.exchange().status()).isEqualTo(200);
            }
        }
    }

    /** By the admin port, which asks the embedded PostgreSQL. */
    private static void awaitStored(final ServerProcess server, final long events) throws Exception {
        Await.until("every event is stored", () -> {
            final HttpClient.Reply ledger = server.admin("/ledger?verify=full");
            return ledger.body().contains("\"balanced\":true") && ledger.number("stored") == events;
        });
    }
}
