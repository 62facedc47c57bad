package io.millrace.server.admin;

import io.millrace.pipeline.Counters;
import io.millrace.server.admin.RawHttp.Reply;
import io.millrace.server.http.IngestCounter;
import io.millrace.storage.postgres.query.EventQueries;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.SystemNanoClock;

/** The admin port over a database that a test fills, of a server without journals. */
final class ApiServer implements AutoCloseable {
    private final AdminServer server;
    private final InetSocketAddress address;

    /**
     * Starts it.
     *
     * @param now the time by its clock
     */
    ApiServer(final EventQueries queries, final Instant now) {
        final AdminSources sources = new AdminSources(
                () -> Lifecycle.READY,
                List.of(),
                List.of(),
                null,
                queries,
                () -> Map.of("missing_action", 3L),
                List.of(new CounterSource<>(IngestCounter.class, List.of(new Counters<>(IngestCounter.class)))),
                List.of(),
                List.of(new SingleWriterRecorder(3)::getIntervalHistogram),
                List.of());
        final AdminSettings settings = new AdminSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Set.of(),
                null,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                "1.2.3",
                Path.of("target"));
        final Ledger ledger = new Ledger(sources.journals(), queries, sources.rejected());
        server = new AdminServer(settings, sources, ledger, SystemNanoClock.INSTANCE, Clock.fixed(now, ZoneOffset.UTC));
        address = server.start();
    }

    /** Gets a target; {@code fields} end with CRLF each. */
    Reply get(final String target, final String fields) throws IOException {
        try (RawHttp http = new RawHttp(address)) {
            return http.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n")
                    .reply();
        }
    }

    Reply get(final String target) throws IOException {
        return get(target, "");
    }

    @Override
    public void close() {
        server.close();
    }
}
