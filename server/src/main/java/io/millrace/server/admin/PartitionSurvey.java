package io.millrace.server.admin;

import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.postgres.query.EventQueries;
import io.millrace.storage.postgres.query.QueryTimeoutException;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many days ahead PostgreSQL has partitions, as it was seen last, so that a scrape never waits for it. Thread-safe; one
 * thread at a time refreshes.
 */
final class PartitionSurvey {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionSurvey.class);

    private final EventQueries queries;
    private volatile OptionalInt daysAhead = OptionalInt.empty();

    /** Makes one; {@code queries} are null where there is no PostgreSQL, and then there is nothing to see. */
    PartitionSurvey(final EventQueries queries) {
        this.queries = queries;
    }

    /** Looks again; what it cannot see it does not know. Blocks. */
    void refresh() {
        if (queries == null) {
            return;
        }
        try {
            daysAhead = OptionalInt.of(queries.partitionDaysAhead());
        } catch (final StoreException | QueryTimeoutException e) {
            daysAhead = OptionalInt.empty();
            // The aggregator says loudly that the store is away.
            LOG.debug("it is not known how far ahead partitions are: {}", e.getMessage());
        }
    }

    void register(final PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("millrace_partition_days_ahead")
                .help(
                        "Days after today that have their partitions, at most 7; absent while PostgreSQL does not answer.")
                .callback(metric -> daysAhead.ifPresent(metric::call))
                .register(registry);
    }
}
