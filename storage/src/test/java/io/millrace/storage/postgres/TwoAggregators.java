package io.millrace.storage.postgres;

import static io.millrace.storage.testing.PostgresExtension.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.testing.TestEvent;
import io.millrace.storage.testing.PostgresExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two aggregators on one new database, each with a stream of its own, and a model of what is to be stored in the end. */
abstract class TwoAggregators {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    static final String LIVE = "SELECT number FROM event_id_slices ORDER BY number";
    static final String AGGREGATORS = "FROM pg_stat_activity WHERE application_name = 'millrace-aggregator'"
            + " AND datname = current_database()";

    final WindowModel model = new WindowModel();
    final AtomicLong nanos = new AtomicLong();
    final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<Aggregation> aggregations = new ArrayList<>();
    PostgresSettings database;
    Aggregation first;
    Aggregation second;

    @BeforeEach
    void open() throws Exception {
        database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, WindowModel.WINDOW_MILLIS, Duration.ofSeconds(10));
        first = open("first", database);
        second = open("second", database);
    }

    @AfterEach
    void close() throws InterruptedException {
        aggregations.forEach(Aggregation::close);
        executor.shutdown();
        assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    }

    final Aggregation open(final String stream, final PostgresSettings settings) throws Exception {
        final Aggregation aggregation = Aggregation.open(stream, settings, nanos::get);
        aggregations.add(aggregation);
        return aggregation;
    }

    final TestEvent counted(final TestEvent event) {
        model.count(event);
        return event;
    }

    static TestEvent event(final String user, final String eventId) {
        return new TestEvent(Aggregation.NOON, user, "click", "b", eventId);
    }

    final Future<?> flushing(final Aggregation aggregation) {
        return executor.submit(() -> {
            aggregation.flush();
            return null;
        });
    }

    final long waiting() throws SQLException {
        return number(database, "SELECT count(*) " + AGGREGATORS + " AND wait_event_type = 'Lock'");
    }

    final void assertStored() throws Exception {
        assertThat(WindowModel.storedGroups(database)).isEqualTo(model.groups());
        assertThat(WindowModel.storedUsers(database)).isEqualTo(model.users());
        Books.assertBalanced(database);
    }
}
