package io.millrace.server.admin;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.function.ToLongFunction;

/**
 * The ledger's totals over all streams, of this process and of others. While PostgreSQL does not answer they stay what
 * they were, and their age tells. Stateless.
 */
final class LedgerMetrics {
    private final PrometheusRegistry registry;
    private final LedgerCache ledger;

    private LedgerMetrics(final PrometheusRegistry registry, final LedgerCache ledger) {
        this.registry = registry;
        this.ledger = ledger;
    }

    static void register(final PrometheusRegistry registry, final LedgerCache ledger) {
        final LedgerMetrics metrics = new LedgerMetrics(registry, ledger);
        metrics.registerTotals();
        metrics.registerBalance();
    }

    private void registerTotals() {
        counter("accepted", "Events accepted.", LedgerSnapshot::accepted);
        counter("streamed", "Events that Redis confirmed.", LedgerSnapshot::streamed);
        counter("stored", "Events that PostgreSQL has accounted for.", LedgerSnapshot::stored);
        counter("counted", "Events in the windows that are there.", LedgerSnapshot::counted);
        counter("duplicate", "Events not counted because their event_id had been.", LedgerSnapshot::duplicates);
        counter("poisoned", "Events set aside because PostgreSQL refused them.", LedgerSnapshot::poisoned);
        counter("lost", "Events that nobody holds any more.", LedgerSnapshot::lost);
        counter("expired", "Events in windows that retention has dropped.", LedgerSnapshot::expired);
    }

    private void registerBalance() {
        gauge(
                "millrace_ledger_in_flight_events",
                "Events between the journal and PostgreSQL.",
                LedgerSnapshot::inFlight);
        gauge(
                "millrace_ledger_difference_events",
                "By how many events more are stored than are accounted for; 0 in books that balance.",
                LedgerSnapshot::difference);
        gauge(
                "millrace_ledger_unbalanced_streams",
                "Streams whose own books do not balance.",
                snapshot -> snapshot.unbalancedStreams().size());
        GaugeWithCallback.builder()
                .name("millrace_ledger_stream_difference_events")
                .help(
                        "By how many events more are stored than are accounted for, or were accepted, of a stream whose books do"
                                + " not balance; absent for the others.")
                .labelNames("stream")
                .callback(metric -> ledger.snapshot()
                        .ifPresent(snapshot -> snapshot.unbalancedStreams()
                                .forEach(stream -> metric.call((double) imbalance(stream), stream.stream()))))
                .register(registry);
        GaugeWithCallback.builder()
                .name("millrace_ledger_balanced")
                .help("1 if the books balance, 0 if not; absent where there is no PostgreSQL.")
                .callback(metric -> ledger.snapshot()
                        .filter(snapshot -> snapshot.balance() != LedgerSnapshot.Balance.UNKNOWN)
                        .ifPresent(
                                snapshot -> metric.call(snapshot.balance() == LedgerSnapshot.Balance.BALANCED ? 1 : 0)))
                .register(registry);
        GaugeWithCallback.builder()
                .name("millrace_ledger_age_seconds")
                .help("How long ago the books were made up.")
                .callback(metric -> ledger.ageNanos().ifPresent(age -> metric.call(Unit.nanosToSeconds(age))))
                .register(registry);
    }

    private static long imbalance(final StreamLedger stream) {
        return stream.difference() != 0 ? stream.difference() : -stream.inFlight();
    }

    private void counter(final String what, final String help, final ToLongFunction<LedgerSnapshot> value) {
        CounterWithCallback.builder()
                .name("millrace_ledger_" + what + "_events")
                .help(help)
                .callback(metric ->
                        ledger.snapshot().ifPresent(snapshot -> metric.call((double) value.applyAsLong(snapshot))))
                .register(registry);
    }

    private void gauge(final String name, final String help, final ToLongFunction<LedgerSnapshot> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(metric ->
                        ledger.snapshot().ifPresent(snapshot -> metric.call((double) value.applyAsLong(snapshot))))
                .register(registry);
    }
}
