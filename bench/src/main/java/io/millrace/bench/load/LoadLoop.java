package io.millrace.bench.load;

import io.millrace.bench.http.Sockets;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ManualIoEventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * The thread of a load. It drives Netty's event loop itself, so that timer and sockets need no hand-over: it sleeps in the
 * kernel until a reply comes or the next request is due (a timer of nanoseconds with epoll), and can spin for the last of it.
 *
 * <ol>
 *   <li>All connections are tried before the first request is due.
 *   <li>A connection that ends is made again: at once if it had served, else after a while.
 *   <li>When no request will be due any more, it waits for the answers; none takes longer than the timeout.
 * </ol>
 */
final class LoadLoop implements Runnable {
    /** Also how often it looks for requests whose time is up. */
    private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long RETRY_MILLIS = 50;
    private static final int CONNECT_MILLIS = 5000;
    private static final int CONNECTING_AT_ONCE = 256;
    private static final int LARGEST_READ_BYTES = 65536;
    /** To sleep for less takes longer than to look again. */
    private static final long SHORTEST_SLEEP_NANOS = 2000;

    private final LoadPlan plan;
    private final LoadMeter meter;
    private final NanoClock nanoClock;
    private final LoadContext context;
    private final InetSocketAddress address;
    private ManualIoEventLoop loop;
    private Arrivals arrivals;
    private int untried;
    private int unsettled;
    private long nextSweepNanos;
    private boolean ending;
    private CpuTime cpu = new CpuTime(0, 0);
    private volatile boolean measuring;
    private volatile long backlog;
    private volatile boolean stopped;
    private volatile boolean aborted;

    LoadLoop(
            final LoadPlan plan,
            final LoadListener listener,
            final LoadMeter meter,
            final NanoClock nanoClock,
            final EpochClock epochClock) {
        this.plan = plan;
        this.meter = meter;
        this.nanoClock = nanoClock;
        address = plan.target().address();
        context = new LoadContext(plan, listener, meter, nanoClock, epochClock, this::reconnect);
        untried = plan.pace().connections();
        unsettled = untried;
    }

    @Override
    public void run() {
        loop = new ManualIoEventLoop(Thread.currentThread(), Sockets.ioHandlerFactory());
        try {
            connectAll();
            send();
        } finally {
            end();
        }
        if (context.failure() != null) {
            throw new IllegalStateException("the load was ended by an error", context.failure());
        }
    }

    private void connectAll() {
        for (int i = 0; i < CONNECTING_AT_ONCE && untried > 0; i++) {
            untried--;
            connect(true);
        }
        while (unsettled > 0 && !ended()) {
            loop.run(MAX_WAIT_NANOS);
        }
    }

    private void send() {
        final long spinNanos = plan.pace().spin().toNanos();
        CpuTime before = CpuTime.now();
        final long startNanos = nanoClock.nanoTime();
        arrivals = new Arrivals(plan.pace(), startNanos);
        meter.measureFrom(arrivals.measureFromNanos());
        nextSweepNanos = startNanos;
        final Dispatcher dispatcher = new Dispatcher(arrivals, meter, plan.pace());
        context.begin(dispatcher);
        while (true) {
            final long nowNanos = nanoClock.nanoTime();
            if (!measuring && nowNanos - arrivals.measureFromNanos() >= 0) {
                measuring = true;
                before = CpuTime.now();
            }
            if (stopped) {
                arrivals.stop();
            }
            if (ended() || (arrivals.exhausted(nowNanos) && context.outstanding() == 0)) {
                break;
            }
            if (nowNanos - nextSweepNanos >= 0) {
                sweep(nowNanos);
            }
            dispatcher.dispatch(nowNanos);
            final long sleepNanos = dispatcher.idleNanos(nanoClock.nanoTime(), MAX_WAIT_NANOS) - spinNanos;
            if (sleepNanos < SHORTEST_SLEEP_NANOS) {
                loop.runNow();
            } else {
                loop.run(sleepNanos);
            }
        }
        cpu = CpuTime.now().minus(before);
    }

    private boolean ended() {
        return aborted || context.failure() != null;
    }

    private void sweep(final long nowNanos) {
        nextSweepNanos = nowNanos + MAX_WAIT_NANOS;
        context.closeLate(nowNanos - plan.pace().timeout().toNanos());
        backlog = arrivals.backlog(nowNanos);
    }

    private void connect(final boolean first) {
        final ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channel(Sockets.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(512, 4096, LARGEST_READ_BYTES))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        channel.pipeline().addLast(new LoadConnection(context));
                    }
                })
                .connect(address);
        connected.addListener((ChannelFutureListener) done -> settled(done.isSuccess(), first));
    }

    private void settled(final boolean success, final boolean first) {
        if (first) {
            unsettled--;
            if (untried > 0) {
                untried--;
                connect(true);
            }
        }
        // One that the end of the load cut off is no error.
        if (!success && !ending) {
            meter.connected(false);
            retry();
        }
    }

    private void reconnect(final boolean served) {
        if (served && !ending) {
            connect(false);
        } else {
            retry();
        }
    }

    // It reports its own failure.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void retry() {
        if (!ending) {
            loop.schedule(() -> connect(false), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes what is open; what was not answered is lost. */
    // The loop below sees the end.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void end() {
        ending = true;
        context.closeAll();
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        while (!loop.isTerminated()) {
            loop.runNow();
        }
    }

    /** No request is due any more; those that were written are still waited for. Any thread may call it. */
    void stop() {
        stopped = true;
    }

    /** Ends at once. Any thread may call it. */
    void abort() {
        aborted = true;
    }

    /** Whether the warm-up is over. */
    boolean measuring() {
        return measuring;
    }

    /** Requests that are due and not yet written. */
    long backlog() {
        return backlog;
    }

    /** What the measured time took; to be asked when the thread has ended. */
    CpuTime cpu() {
        return cpu;
    }

    /** Seconds from the end of the warm-up to the last answer; to be asked when the thread has ended. */
    double measuredSeconds() {
        return arrivals == null ? 0 : (meter.lastEndNanos() - arrivals.measureFromNanos()) / 1e9;
    }

    /** The first thing that was no reply; empty if there was none; to be asked when the thread has ended. */
    String misunderstood() {
        return context.firstMisunderstood();
    }
}
