package io.millrace.server.admin;

import io.millrace.server.admin.http.AdminResource;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that answer what would hold the admin port's event loop up. Thread-safe. */
final class AdminThreads implements AutoCloseable {
    private static final int QUERY_THREADS = 2;
    private static final int MAX_WAITING_QUERIES = 32;
    /** One for what is done, the others to say that it is being done. */
    private static final int LONG_THREADS = 4;

    private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

    private final ThreadPoolExecutor queries = new ThreadPoolExecutor(
            QUERY_THREADS,
            QUERY_THREADS,
            0,
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING_QUERIES),
            new DefaultThreadFactory("admin-query", true));

    private final ThreadPoolExecutor longWork = new ThreadPoolExecutor(
            0,
            LONG_THREADS,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            new DefaultThreadFactory("admin-long", true));

    /**
     * Runs a task where it belongs; one for the event loop at once, on the caller's thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException if so many wait that it had better be asked again
     */
    void execute(final AdminResource.Execution execution, final Runnable task) {
        switch (execution) {
            case EVENT_LOOP -> task.run();
            case QUERY_THREAD -> queries.execute(task);
            case LONG_THREAD -> longWork.execute(task);
        }
    }

    /** Takes no more tasks. Long ones are interrupted; a query under way is not waited for beyond 2 s. */
    @Override
    public void close() {
        longWork.shutdownNow();
        queries.shutdown();
        try {
            // An interrupt does not end a query, and one that loses its connection complains in the log.
            if (!queries.awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    || !longWork.awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                queries.shutdownNow();
            }
        } catch (final InterruptedException e) {
            queries.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
