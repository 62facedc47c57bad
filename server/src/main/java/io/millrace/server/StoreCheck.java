package io.millrace.server;

import io.millrace.pipeline.Threads;
import io.millrace.storage.StartupException;
import io.millrace.storage.UnreachableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The check of one store at the start, on a thread of its own, and what begins when it has passed.
 *
 * <p>A server that holds events, or only takes them in, starts without its stores: it is not ready then, and the check goes on
 * until the store can be used.
 */
final class StoreCheck implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreCheck.class);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final String store;
    private final Runnable check;
    private final Runnable onPassed;
    private final boolean mayBeLate;
    private final CompletableFuture<Void> firstOutcome = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean late;

    /**
     * Begins to check.
     *
     * @param check returns when the store can be used, and throws {@link StartupException} if not
     * @param onPassed run once, on the check's thread
     * @param mayBeLate whether the server starts without a store that cannot be reached
     */
    StoreCheck(final String store, final Runnable check, final Runnable onPassed, final boolean mayBeLate) {
        this.store = store;
        this.check = check;
        this.onPassed = onPassed;
        this.mayBeLate = mayBeLate;
        thread = new Thread(this::run, store + "-check");
        thread.start();
    }

    /**
     * Waits for the first outcome.
     *
     * @throws StartupException if the store cannot be used, or cannot be reached and may not be late
     */
    void await() {
        try {
            firstOutcome.join();
        } catch (final CompletionException e) {
            if (e.getCause() instanceof StartupException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** Whether the server has started without the store, which is not there yet. Any thread. */
    boolean isLate() {
        return late;
    }

    @Override
    public void close() {
        Threads.end(thread);
    }

    private void run() {
        try {
            while (!passes() && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        } catch (final RuntimeException e) {
            firstOutcome.completeExceptionally(e);
        }
    }

    /** Whether nothing more is to be done. */
    private boolean passes() {
        try {
            check.run();
        } catch (final UnreachableException e) {
            if (!mayBeLate) {
                throw e;
            }
            late = true;
            if (firstOutcome.complete(null)) {
                LOG.warn("{}; starting without it: what is taken in waits in the journal", e.getMessage());
            }
            return false;
        } catch (final StartupException e) {
            if (!firstOutcome.isDone()) {
                throw e;
            }
            LOG.error("{}", e.getMessage());
            return false;
        }
        onPassed.run();
        late = false;
        if (!firstOutcome.complete(null)) {
            LOG.info("{} is there now", store);
        }
        return true;
    }
}
