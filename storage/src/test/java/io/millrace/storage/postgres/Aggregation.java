package io.millrace.storage.postgres;

import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.FlushBatch.EventIds;
import io.millrace.pipeline.window.RefusalHandler;
import io.millrace.pipeline.window.StoreException;
import io.millrace.pipeline.window.Watermark;
import io.millrace.storage.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.NanoClock;

/** A stream and the store that owns it: what an aggregator does, step by step. */
final class Aggregation implements AutoCloseable {
    static final Duration DEDUP_WINDOW = Duration.ofMinutes(10);
    static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

    private static final Duration LEASE = Duration.ofMinutes(10);

    private final WindowModel model = new WindowModel();
    private final String stream;
    private final PostgresWindowStore store;
    private final FlushBatch batch;
    private Watermark watermark;
    private Watermark next;

    private Aggregation(
            final String stream, final PostgresSettings settings, final EventIds eventIds, final NanoClock clock)
            throws Exception {
        this.stream = stream;
        batch = new FlushBatch(WindowModel.WINDOW_MILLIS, 42, eventIds);
        final Duration window = eventIds == EventIds.COMPARED ? DEDUP_WINDOW : Duration.ZERO;
        store = new PostgresWindowStore(settings, LEASE, window, () -> NOON, clock);
        own();
    }

    static Aggregation open(final String stream, final PostgresSettings settings, final NanoClock clock)
            throws Exception {
        return new Aggregation(stream, settings, EventIds.COMPARED, clock);
    }

    static Aggregation ignoringIds(final String stream, final PostgresSettings settings, final NanoClock clock)
            throws Exception {
        return new Aggregation(stream, settings, EventIds.IGNORED, clock);
    }

    /** Waits until the store owns the stream, and goes on from the watermark that it finds. */
    void own() throws Exception {
        Await.until("the stream is owned", () -> {
            final Map<String, Watermark> owned = store.own(List.of(stream));
            watermark = owned.getOrDefault(stream, watermark);
            return owned.containsKey(stream);
        });
        batch.clear();
        next = watermark;
    }

    void ownToo(final String other) throws StoreException {
        store.own(List.of(other));
    }

    void send(final TestEvent... events) {
        for (final TestEvent event : events) {
            sent(model.send(batch, stream, event));
        }
    }

    /** Sends an event with a user of other bytes, as many as the event's user has. */
    void sendRaw(final TestEvent event, final byte[] user) {
        sent(model.send(batch, stream, event, user));
    }

    private void sent(final FlushBatch.Outcome outcome) {
        final long last = next.lastEvent() + 1;
        next = new Watermark(
                new EntryId(0, last),
                last,
                next.counted() + (outcome == FlushBatch.Outcome.COUNTED ? 1 : 0),
                next.duplicates() + (outcome == FlushBatch.Outcome.DUPLICATE ? 1 : 0),
                next.poisoned(),
                next.lost());
    }

    /** Adds an event of another stream, whose watermark is then to be given to {@link #flush(Map)}. */
    FlushBatch.Outcome sendFrom(final String other, final TestEvent event) {
        return model.send(batch, other, event);
    }

    void flush() throws StoreException {
        flush(Map.of());
    }

    void flush(final Map<String, Watermark> others) throws StoreException {
        final Map<String, Watermark> moved = new HashMap<>(others);
        moved.put(stream, next);
        committed(store.commit(batch, moved).get(stream));
    }

    void flushPiecewise(final RefusalHandler refusals) throws StoreException {
        committed(store.commitPiecewise(batch, stream, next, refusals));
    }

    private void committed(final Watermark committed) {
        watermark = committed;
        next = committed;
        batch.clear();
    }

    void heartbeat() throws StoreException {
        store.heartbeat();
    }

    /** What was committed last. */
    Watermark watermark() {
        return watermark;
    }

    @Override
    public void close() {
        store.close();
    }
}
