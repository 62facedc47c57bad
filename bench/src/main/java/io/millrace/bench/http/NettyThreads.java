package io.millrace.bench.http;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs a benchmark on the kind of thread that an event loop is: on any other Netty recycles fewer objects.
 *
 * <p>JMH makes it, by the option {@code jmh.executor.class}.
 */
public final class NettyThreads extends ThreadPoolExecutor {
    /** Arguments of a fork that runs on such threads. */
    static final String CUSTOM = "-Djmh.executor=CUSTOM";

    static final String CLASS = "-Djmh.executor.class=io.millrace.bench.http.NettyThreads";

    public NettyThreads(final int threads, final String name) {
        super(threads, threads, 0, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(name));
    }
}
