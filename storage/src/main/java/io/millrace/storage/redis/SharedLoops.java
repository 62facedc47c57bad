package io.millrace.storage.redis;

import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads of Lettuce's own move the bytes, and wake whoever waits. Thread-safe. */
final class SharedLoops extends DefaultEventLoopGroupProvider implements EventLoops {
    private static final long CLOSE_MILLIS = 2_000;

    SharedLoops(final int threads, final io.lettuce.core.resource.ThreadFactoryProvider factories) {
        super(threads, factories);
    }

    @Override
    public <T> T await(final Future<T> future, final long timeoutNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    /** They look all the time. */
    @Override
    public void poll() {}

    @Override
    public void close() {
        shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
    }
}
