package io.millrace.bench.evolution.architecture;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A thread for each request that is under way, as a server has it whose handlers block. Thread-safe. */
final class BlockingCalls implements AutoCloseable {
    private static final int THREADS = 200;

    private final AtomicInteger threads = new AtomicInteger();
    private final ExecutorService executor =
            Executors.newFixedThreadPool(THREADS, task -> new Thread(task, "handler-" + threads.incrementAndGet()));

    /** Runs it on one of the threads. */
    CompletionStage<Void> run(final Call call) {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                call.run();
                done.complete(null);
            } catch (final Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    /** What may fail. */
    interface Call {
        void run() throws Exception;
    }
}
