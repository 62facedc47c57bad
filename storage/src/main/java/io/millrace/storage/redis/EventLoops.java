package io.millrace.storage.redis;

import io.lettuce.core.resource.EventLoopGroupProvider;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/** Who moves the bytes of a connector's connections, and how a call waits for what they bring. */
interface EventLoops extends EventLoopGroupProvider {
    /**
     * Waits for an answer, or for the end of a connection's making or closing.
     *
     * @throws TimeoutException if it did not come in time
     */
    <T> T await(Future<T> future, long timeoutNanos) throws InterruptedException, ExecutionException, TimeoutException;

    /** Sees to it that what has come is seen, the end of a connection too. */
    void poll();

    /** Ends it; connections that are still open are closed. */
    void close();
}
