package io.millrace.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoopGroup;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CallerLoopTest {
    private static final long LONG_NANOS = TimeUnit.HOURS.toNanos(1);

    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final CallerLoop caller = new CallerLoop(isClosed::get);
    private final EventLoopGroup group = caller.allocate(EventLoopGroup.class);

    @AfterEach
    void close() {
        caller.close();
    }

    @Test
    void shouldDoItsWorkOnTheThreadThatWaits() throws Exception {
        final CompletableFuture<Thread> worker = new CompletableFuture<>();
        group.execute(() -> worker.complete(Thread.currentThread()));
        assertThat(worker).isNotDone();

        assertThat(caller.await(worker, LONG_NANOS)).isSameAs(Thread.currentThread());
    }

    @Test
    void shouldBeWokenByWhatAnotherThreadGivesIt() throws Exception {
        final CompletableFuture<Thread> worker = new CompletableFuture<>();
        final Thread other = new Thread(() -> group.execute(() -> worker.complete(Thread.currentThread())));
        other.start();

        assertThat(caller.await(worker, LONG_NANOS)).isSameAs(Thread.currentThread());
        other.join();
    }

    @Test
    void shouldDoWithoutWaitingWhatThereIsToDo() {
        final AtomicBoolean isDone = new AtomicBoolean();
        group.execute(() -> isDone.set(true));
        caller.poll();

        assertThat(isDone).isTrue();
        caller.poll();
    }

    @Test
    void shouldEndAWaitAtItsTime() {
        assertThatThrownBy(() -> caller.await(new CompletableFuture<>(), 1_000_000))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void shouldEndAWaitWhenItsThreadIsInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> caller.await(new CompletableFuture<>(), LONG_NANOS))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void shouldEndAWaitWhenAllIsClosed() throws Exception {
        final Thread other = new Thread(() -> isClosed.set(true));
        other.start();
        assertThatThrownBy(() -> caller.await(new CompletableFuture<>(), LONG_NANOS))
                .isInstanceOf(CancellationException.class)
                .hasMessage("closed");
        other.join();
    }

    @Test
    void shouldServeOneThreadOnly() throws Exception {
        final CompletableFuture<Throwable> failure = new CompletableFuture<>();
        final Thread other = new Thread(caller::poll);
        other.setUncaughtExceptionHandler((thread, thrown) -> failure.complete(thrown));
        other.start();
        other.join();

        assertThat(failure).isCompletedWithValueMatching(IllegalStateException.class::isInstance);
    }

    @Test
    void shouldEndItsLoop() {
        caller.close();
        assertThat(group.isTerminated()).isTrue();
    }

    @Test
    void shouldEndWithoutAConnection() {
        new CallerLoop(isClosed::get).close();
    }
}
