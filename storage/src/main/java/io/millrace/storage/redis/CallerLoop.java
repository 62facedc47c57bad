package io.millrace.storage.redis;

import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The thread that waits moves the bytes itself, meanwhile: there is nobody to be handed a command and to hand back the answer.
 * Each of the two costs a wake-up, and on a busy machine a turn in the scheduler's queue.
 *
 * <ol>
 *   <li>It belongs to the thread that makes the first connection; a call from another fails.
 *   <li>Nothing moves between calls. Who is about to write calls {@link #poll()} before, to find out that a connection has ended.
 *   <li>Interrupts and the closing of the connector end a wait, within {@value #MAX_WAIT_MILLIS} ms.
 * </ol>
 */
final class CallerLoop implements EventLoops {
    private static final long MAX_WAIT_MILLIS = 50;
    private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(MAX_WAIT_MILLIS);
    /** The first pass ends it; a second one would see what that has brought up. */
    private static final int MAX_LAST_PASSES = 10;

    private final BooleanSupplier isClosed;
    private ManualIoEventLoop loop;

    /**
     * Makes it without a thread.
     *
     * @param isClosed whether nobody is to wait any more
     */
    CallerLoop(final BooleanSupplier isClosed) {
        this.isClosed = isClosed;
    }

    /** Lettuce asks for the class that it would make itself, and uses it as what it is here: a group, of one loop. */
    @Override
    @SuppressWarnings("unchecked")
    public <T extends EventLoopGroup> T allocate(final Class<T> type) {
        loop = new ManualIoEventLoop(Thread.currentThread(), handlers());
        return (T) loop;
    }

    private static IoHandlerFactory handlers() {
        final Class<?> channel = Transports.socketChannelClass();
        if (channel.equals(EpollSocketChannel.class)) {
            return EpollIoHandler.newFactory();
        }
        if (channel.equals(NioSocketChannel.class)) {
            return NioIoHandler.newFactory();
        }
        throw new IllegalStateException("no event loop for " + channel + ": set -Dio.lettuce.core.epoll=true");
    }

    @Override
    public <T> T await(final java.util.concurrent.Future<T> future, final long timeoutNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        final long deadlineNanos = System.nanoTime() + timeoutNanos;
        while (!future.isDone()) {
            final long leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                return lastLook(future);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (isClosed.getAsBoolean()) {
                throw new CancellationException("closed");
            }
            loop.run(Math.min(leftNanos, MAX_WAIT_NANOS));
        }
        return future.get();
    }

    /** What came while this thread was held up came in time. */
    private <T> T lastLook(final java.util.concurrent.Future<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        loop.runNow();
        if (!future.isDone()) {
            throw new TimeoutException();
        }
        return future.get();
    }

    @Override
    public void poll() {
        loop.runNow();
    }

    @Override
    public void close() {
        if (loop == null) {
            return;
        }
        final Object unused = loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
        for (int i = 0; i < MAX_LAST_PASSES && !loop.isTerminated(); i++) {
            loop.runNow();
        }
    }

    @Override
    public int threadPoolSize() {
        return 1;
    }

    /** The loop lives as long as this. */
    @Override
    public Future<Boolean> release(
            final EventExecutorGroup group, final long quietPeriod, final long timeout, final TimeUnit unit) {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }

    @Override
    public Future<Boolean> shutdown(final long quietPeriod, final long timeout, final TimeUnit unit) {
        close();
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }
}
