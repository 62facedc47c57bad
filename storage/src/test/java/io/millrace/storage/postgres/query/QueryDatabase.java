package io.millrace.storage.postgres.query;

import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.postgres.PostgresSchema;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.postgres.PostgresWindowStore;
import io.millrace.storage.postgres.WindowModel;
import io.millrace.storage.testing.PostgresExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A database that a real store flushes into, and that queries are asked of. */
public final class QueryDatabase implements AutoCloseable {
    private static final String STREAM = "s";

    private final FlushBatch batch = WindowModel.newBatch();
    private final WindowModel model = new WindowModel();
    private final PostgresWindowStore store;
    private final EventQueries queries;
    private long events;

    /** Makes an empty one, with windows of 10 s. */
    public QueryDatabase(final PostgresExtension postgres) throws SQLException, StoreException {
        this(postgres.newDatabase());
    }

    /** Makes its tables in an empty database. */
    QueryDatabase(final PostgresSettings settings) throws StoreException {
        PostgresSchema.prepare(settings, WindowModel.WINDOW_MILLIS, Duration.ofSeconds(10));
        store = new PostgresWindowStore(settings, Duration.ofMinutes(10));
        queries = new EventQueries(settings);
        store.own(List.of(STREAM));
    }

    public EventQueries queries() {
        return queries;
    }

    /** Commits events by one flush. */
    public void flush(final List<TestEvent> flushed) throws StoreException {
        flushed.forEach(event -> model.add(batch, event));
        events += flushed.size();
        store.commit(batch, Map.of(STREAM, WindowModel.counted(events)));
        batch.clear();
    }

    @Override
    public void close() {
        queries.close();
        store.close();
    }
}
