package io.millrace.bench;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs a benchmark on threads as event loops have them: only there do Netty's pooled buffers come from a cache. JMH makes it,
 * where a benchmark's JVM has the options {@code -Djmh.executor=CUSTOM} and {@code -Djmh.executor.class} with this name.
 */
public final class EventLoopThreads extends ThreadPoolExecutor {
    /**
     * Makes the threads; the signature is JMH's.
     *
     * @param maxThreads as many as the benchmark has
     */
    public EventLoopThreads(final int maxThreads, final String prefix) {
        super(
                maxThreads,
                maxThreads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(prefix));
    }
}
