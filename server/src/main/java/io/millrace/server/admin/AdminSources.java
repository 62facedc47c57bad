package io.millrace.server.admin;

import io.millrace.pipeline.Counters;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.ship.Shipper;
import io.millrace.pipeline.window.Aggregator;
import io.millrace.storage.postgres.query.EventQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the admin port looks at. It owns none of it, and asks from its own threads.
 *
 * @param lifecycle what the server is about
 * @param journals all journals of the node, live and retired; one may be closed while it is looked at
 * @param shippers of these journals
 * @param aggregator null where the role has none
 * @param queries null where the node has no PostgreSQL
 * @param rejected how many events were rejected, by code
 * @param counters what else is counted in this process, each enum of counters once
 * @param gauges what else rises and falls in it
 * @param replyLatency one source for each event loop of the ingest port
 * @param acks one for each level that replies can wait for; none without an ingest port
 */
public record AdminSources(
        Supplier<Lifecycle> lifecycle,
        List<Journal> journals,
        List<Shipper> shippers,
        Aggregator aggregator,
        EventQueries queries,
        Supplier<Map<String, Long>> rejected,
        List<CounterSource<?>> counters,
        List<GaugeSource> gauges,
        List<LatencySource> replyLatency,
        List<AckSource> acks) {
    public AdminSources {
        journals = List.copyOf(journals);
        shippers = List.copyOf(shippers);
        counters = List.copyOf(counters);
        gauges = List.copyOf(gauges);
        replyLatency = List.copyOf(replyLatency);
        acks = List.copyOf(acks);
    }

    /** What the shippers and the aggregator of this process count. */
    CounterSource<PipelineCounter> pipelineCounters() {
        final List<Counters<PipelineCounter>> threads = new ArrayList<>();
        shippers.forEach(shipper -> threads.add(shipper.counters()));
        if (aggregator != null) {
            threads.add(aggregator.counters());
        }
        return new CounterSource<>(PipelineCounter.class, threads);
    }

    /** A counter's sum over all threads; 0 where nobody counts it. */
    long sum(final Enum<?> counter) {
        return counters.stream().mapToLong(source -> source.sumIfOwn(counter)).sum();
    }
}
