package io.millrace.server.admin;

import io.millrace.pipeline.Progress;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.ship.Shipper;
import io.millrace.server.admin.http.Json;
import io.millrace.server.http.IngestCounter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * The stages of the path, each with its rate, what waits at it, and how full it is; null for a stage that is not in this
 * process. Thread-safe.
 */
final class PathJson {
    /** The worst first. */
    private static final List<Shipper.State> STATES =
            List.of(Shipper.State.REFUSING, Shipper.State.RESYNC, Shipper.State.SHIPPING, Shipper.State.DONE);

    private final AdminSettings settings;
    private final AdminSources sources;
    private final PathRates rates;
    private final Map<String, ProgressAge> ages;

    /**
     * Makes it.
     *
     * @param ages by stream
     */
    PathJson(
            final AdminSettings settings,
            final AdminSources sources,
            final PathRates rates,
            final Map<String, ProgressAge> ages) {
        this.settings = settings;
        this.sources = sources;
        this.rates = rates;
        this.ages = ages;
    }

    void write(final Json json) {
        final boolean ingests = !sources.replyLatency().isEmpty();
        final boolean ships = !sources.journals().isEmpty();
        final boolean aggregates = sources.aggregator() != null;
        json.beginObject();
        json.name("maxAgeSeconds").value(settings.maxAge().toSeconds());
        write(json, "loop", ingests, this::writeLoop);
        write(json, "journal", ships, this::writeJournal);
        write(json, "redis", ships, this::writeRedis);
        write(json, "aggregator", aggregates, this::writeAggregator);
        write(json, "postgres", aggregates, this::writePostgres);
        json.endObject();
    }

    private static void write(final Json json, final String stage, final boolean here, final Members members) {
        json.name(stage);
        if (here) {
            json.beginObject();
            members.write(json);
            json.endObject();
        } else {
            json.value(null);
        }
    }

    private void writeLoop(final Json json) {
        rate(json, "eventsPerSecond", PathSample::accepted);
        rate(json, "requestsPerSecond", PathSample::requests);
        rate(json, "rejectedPerSecond", PathSample::rejected);
        rate(json, "shedPerSecond", PathSample::shed);
        json.name("connections")
                .value(sources.sum(IngestCounter.CONNECTIONS_OPENED) - sources.sum(IngestCounter.CONNECTIONS_CLOSED));
    }

    private void writeJournal(final Json json) {
        rate(json, "eventsPerSecond", PathSample::accepted);
        json.name("usedBytes").value(sum(Journal::usedBytes));
        json.name("capacityBytes").value(sum(Journal::capacityBytes));
        // The far end is read first: a lag can then be too large by what came in between, but never below 0.
        json.name("waitingEvents").value(sum(journal -> {
            final long streamed = streamed(journal.progress());
            return journal.progress().accepted() - streamed;
        }));
        json.name("oldestSeconds").value(oldestSeconds(ProgressAge::unshippedNanos));
    }

    private void writeRedis(final Json json) {
        rate(json, "eventsPerSecond", PathSample::streamed);
        json.name("waitingEvents").value(sum(journal -> {
            final long stored = journal.progress().stored();
            return streamed(journal.progress()) - stored;
        }));
        json.name("oldestSeconds").value(oldestSeconds(ProgressAge::unstoredNanos));
        json.name("state").value(worstState().name().toLowerCase(Locale.ROOT));
    }

    private void writeAggregator(final Json json) {
        rate(json, "eventsPerSecond", PathSample::folded);
        json.name("connected").value(sources.aggregator().connected());
    }

    private void writePostgres(final Json json) {
        rate(json, "eventsPerSecond", PathSample::stored);
        rate(json, "flushesPerSecond", PathSample::flushes);
        json.name("flushMillis").value(rates.ratio(PathSample::flushNanos, PathSample::flushes) / 1e6);
        json.name("busy").value(rates.perSecond(PathSample::flushNanos) / TimeUnit.SECONDS.toNanos(1));
    }

    private void rate(final Json json, final String name, final ToLongFunction<PathSample> value) {
        json.name(name).value(rates.perSecond(value));
    }

    private long sum(final ToLongFunction<Journal> value) {
        return sources.journals().stream().mapToLong(value).sum();
    }

    private double oldestSeconds(final ToLongFunction<ProgressAge> age) {
        return ages.values().stream().mapToLong(age).max().orElse(0) / 1e9;
    }

    private Shipper.State worstState() {
        return sources.shippers().stream()
                .map(Shipper::state)
                .min((left, right) -> Integer.compare(STATES.indexOf(left), STATES.indexOf(right)))
                .orElse(Shipper.State.DONE);
    }

    /** What is stored was shipped, even if a shipper that has just started does not know yet. */
    private static long streamed(final Progress progress) {
        return Math.max(progress.streamed(), progress.stored());
    }

    /** Writes the members of a stage. */
    @FunctionalInterface
    private interface Members {
        void write(Json json);
    }
}
