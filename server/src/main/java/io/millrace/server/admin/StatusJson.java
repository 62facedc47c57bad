package io.millrace.server.admin;

import io.millrace.server.admin.http.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.NanoClock;

/** The JSON of {@code GET /api/status}. Thread-safe; never waits for a store. */
final class StatusJson {
    private final AdminSettings settings;
    private final AdminSources sources;
    private final Readiness readiness;
    private final PathJson path;
    private final LatencyRecord latency;
    private final LedgerCache ledger;
    private final Clock clock;
    private final NanoClock nanoClock;
    private final long startedNanos;

    StatusJson(
            final AdminSettings settings,
            final AdminSources sources,
            final Readiness readiness,
            final PathJson path,
            final LatencyRecord latency,
            final LedgerCache ledger,
            final Clock clock,
            final NanoClock nanoClock) {
        this.settings = settings;
        this.sources = sources;
        this.readiness = readiness;
        this.path = path;
        this.latency = latency;
        this.ledger = ledger;
        this.clock = clock;
        this.nanoClock = nanoClock;
        startedNanos = nanoClock.nanoTime();
    }

    Json write() {
        final List<Readiness.Reason> reasons = readiness.reasons();
        final Json json = new Json().beginObject();
        json.name("time").value(clock.instant().toString());
        json.name("version").value(settings.version());
        json.name("uptimeSeconds").value(TimeUnit.NANOSECONDS.toSeconds(nanoClock.nanoTime() - startedNanos));
        json.name("windowMillis").value(settings.window().toMillis());
        json.name("lifecycle").value(sources.lifecycle().get().name().toLowerCase(Locale.ROOT));
        json.name("ready").value(reasons.isEmpty());
        HealthResources.write(json, reasons);
        path.write(json.name("path"));
        writeLatency(json.name("latency"));
        writeLedger(json.name("ledger"));
        return json.endObject();
    }

    /** Null where nobody answers requests for events. */
    private void writeLatency(final Json json) {
        if (!latency.hasSources()) {
            json.value(null);
            return;
        }
        latency.recent(recent -> writeLatency(json, recent));
    }

    private static Json writeLatency(final Json json, final Histogram recent) {
        json.beginObject();
        json.name("requests").value(recent.getTotalCount());
        json.name("p50Micros").value(micros(recent, 50));
        json.name("p90Micros").value(micros(recent, 90));
        json.name("p99Micros").value(micros(recent, 99));
        json.name("p999Micros").value(micros(recent, 99.9));
        json.name("maxMicros").value(recent.getTotalCount() == 0 ? Double.NaN : recent.getMaxValue() / 1e3);
        return json.endObject();
    }

    /** Not a number, which is written as null, where there was no request. */
    private static double micros(final Histogram recent, final double percentile) {
        return recent.getTotalCount() == 0 ? Double.NaN : recent.getValueAtPercentile(percentile) / 1e3;
    }

    /** Null until the books have been made up for the first time. */
    private void writeLedger(final Json json) {
        final LedgerSnapshot snapshot = ledger.snapshot().orElse(null);
        if (snapshot == null) {
            json.value(null);
            return;
        }
        json.beginObject();
        json.name("ageSeconds")
                .value(Duration.ofNanos(ledger.ageNanos().orElse(0L)).toMillis() / 1e3);
        LedgerJson.writeTotals(json, snapshot);
        json.endObject();
    }
}
