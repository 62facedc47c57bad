package io.millrace.bench.evolution.architecture;

import io.lettuce.core.RedisException;
import io.lettuce.core.StreamMessage;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * V3 and V4: a request is answered when its event stands in the stream. A worker reads up to 100 entries, hands them to the
 * sink, and sleeps for 100 ms, whether there is more to do or not.
 */
final class StreamWorker implements Architecture {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWorker.class);
    private static final int BATCH = 100;
    private static final long SLEEP_MILLIS = 100;

    private final EventStream stream;
    private final Sink sink;
    private final Thread worker = new Thread(this::work, "worker");
    private volatile boolean stopped;

    StreamWorker(final EventStream stream, final Sink sink) {
        this.stream = stream;
        this.sink = sink;
        worker.setDaemon(true);
        worker.start();
    }

    /** V3: inserts each batch by one statement, and acknowledges it. */
    static StreamWorker inserting(final Stores stores) {
        final EventStream stream = new EventStream(stores.redis());
        return new StreamWorker(stream, entries -> {
            if (!entries.isEmpty()) {
                EventTable.insert(stores, EventStream.events(entries));
                stream.acknowledge(entries);
            }
        });
    }

    /** V4: adds up windows, and writes them every few seconds. */
    static StreamWorker aggregating(final Stores stores) {
        final EventStream stream = new EventStream(stores.redis());
        return new StreamWorker(stream, new WindowSink(stores, stream));
    }

    /** What becomes of a batch, which may be empty. */
    interface Sink {
        void take(List<StreamMessage<String, String>> entries) throws SQLException;
    }

    @Override
    public CompletionStage<?> accept(final Event event) {
        return stream.add(event);
    }

    private void work() {
        while (!stopped) {
            try {
                sink.take(stream.read("worker", BATCH));
                TimeUnit.MILLISECONDS.sleep(SLEEP_MILLIS);
            } catch (final InterruptedException e) {
                return;
            } catch (final SQLException | RedisException e) {
                LOG.warn("a batch failed; it stays unacknowledged", e);
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        worker.interrupt();
        try {
            worker.join();
        } catch (final InterruptedException e) {
            // It ends all the same, only nobody waits for it.
            Thread.currentThread().interrupt();
        }
    }
}
