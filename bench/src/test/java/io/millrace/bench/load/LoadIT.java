package io.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Loads against a real server with its Redis and PostgreSQL: what the client counted is what the tables hold. */
@Timeout(600)
class LoadIT {
    @TempDir
    private Path dataDir;

    @Test
    void shouldCountWhatTheServerStores() throws Exception {
        try (MillraceServer server = MillraceServer.start(dataDir)) {
            long accepted = 0;
            for (final Form form : List.of(Form.PIXEL, Form.JSON, Form.ARRAY, Form.NDJSON)) {
                final EventShape events =
                        EventShape.DEFAULTS.withEventIds().withTimestamps(Timestamps.SPREAD, Duration.ofMinutes(10));
                final LoadResult result = Load.run(
                        new LoadPlan(
                                Target.of(server.ingest()),
                                RequestShape.of(form, form.batch() ? 50 : 1),
                                events.withSeed(form.ordinal()),
                                Pace.closed(8, 4, 2000)),
                        LoadListener.NONE);

                assertThat(result.clean()).as("%s: %s", form, result.total()).isTrue();
                assertThat(result.statuses()).containsOnlyKeys(form == Form.PIXEL ? 200 : 202);
                accepted += result.total(LoadCounter.EVENTS_ACCEPTED);
            }
            assertThat(accepted).isEqualTo(2 * 2000 + 2 * 2000 * 50);
            assertThat(server.awaitStored()).isEqualTo(accepted);
        }
    }

    @Test
    void shouldKnowWhatMayBeMissingAfterAKill() throws Exception {
        final EventLedger ledger = new EventLedger();
        try (MillraceServer server = MillraceServer.start(dataDir)) {
            final List<Load> loads = new ArrayList<>();
            for (final Form form : List.of(Form.PIXEL, Form.JSON, Form.NDJSON)) {
                final EventShape events =
                        EventShape.DEFAULTS.withUniqueUsers("u-").withSeed(form.ordinal());
                loads.add(Load.start(
                        new LoadPlan(
                                Target.of(server.ingest()),
                                new RequestShape(form, form.batch() ? 10 : 1, Optional.empty()),
                                events,
                                form.ordinal() * 10_000_000L,
                                Pace.open(500, 4, Duration.ofMinutes(5))),
                        ledger));
            }
            server.awaitStored(3000);
            server.freeze();
            for (final Load load : loads) {
                awaitUnanswered(load);
            }
            server.kill();
            server.restart();
            final long before = ledger.acceptances();
            Await.until("the loads have found the server again", () -> ledger.acceptances() > before + 3000);
            for (final Load load : loads) {
                load.stop();
                final LoadResult result = load.await();
                assertThat(result.measured(LoadCounter.LOST_CLOSED)).isPositive();
                load.close();
            }
            server.awaitStored();
            final LedgerAudit audit = ledger.audit("u-");
            server.users(audit::row);

            assertThat(ledger.unanswered().cardinality()).isPositive();
            assertThat(audit.verdict().clean()).as("%s", audit.verdict()).isTrue();
            assertThat(audit.verdict().accepted()).isGreaterThan(6000L);
        }
    }

    /** Waits until requests of this load have been sent to a frozen server that will never answer them. */
    private static void awaitUnanswered(final Load load) throws Exception {
        Await.until("all connections wait", () -> load.progress().backlog() > 0);
        // By then the load has taken all answers that had still come, and sent what was due.
        final long waiting = load.progress().backlog();
        Await.until("and go on waiting", () -> load.progress().backlog() > waiting);
    }
}
