package io.millrace.server.ingest;

import io.millrace.pipeline.event.EventLayout;
import io.millrace.server.decode.EventDecoder;
import io.millrace.server.http.BodyBudget;
import io.millrace.server.http.HttpConnection;
import io.millrace.server.http.HttpLimits;
import io.millrace.server.tls.TlsPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The ingest port: binds it, spreads its connections over event loops, one for each journal, and stops it in order:
 * {@link #start}, {@link #stopAccepting}, {@link #drain}, {@link #close}.
 *
 * <p>These are called by the one thread that wires the server.
 */
public final class IngestServer implements AutoCloseable {
    private static final long DRAIN_POLL_MILLIS = 10;

    private final Transport transport;
    private final TlsPort tls;
    private final List<IngestLoop> loops = new ArrayList<>();
    private final BodyBudget budget;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private MultiThreadIoEventLoopGroup group;
    private Channel listener;

    /**
     * @param tls null to serve in the clear
     * @param journals one for each event loop
     * @param decoders makes the decoder of each event loop
     * @throws IllegalArgumentException if a claim of a journal cannot hold the largest body
     */
    public IngestServer(
            final IngestSettings settings,
            final Transport transport,
            final TlsPort tls,
            final List<IngestJournal> journals,
            final Supplier<EventDecoder> decoders,
            final EpochClock epochClock) {
        this(settings, transport, tls, journals, decoders, epochClock, SystemNanoClock.INSTANCE);
    }

    IngestServer(
            final IngestSettings settings,
            final Transport transport,
            final TlsPort tls,
            final List<IngestJournal> journals,
            final Supplier<EventDecoder> decoders,
            final EpochClock epochClock,
            final NanoClock nanoClock) {
        this.transport = transport;
        this.tls = tls;
        final HttpLimits limits = settings.limits();
        budget = new BodyBudget(limits.collectedBytes());
        final int share = Math.max(1, limits.connections() / journals.size());
        final int largestClaim = Math.max(limits.bodyBytes(), EventLayout.MAX_LENGTH);
        for (final IngestJournal journal : journals) {
            if (journal.writer().maxClaimBytes() < largestClaim) {
                throw new IllegalArgumentException("a claim in the journal holds "
                        + journal.writer().maxClaimBytes() + " bytes, the largest body has " + largestClaim
                        + ": make the journal at least eight times as large as the largest body");
            }
            loops.add(new IngestLoop(journal, decoders.get(), settings, share, budget, epochClock, nanoClock));
        }
    }

    /**
     * Starts the event loops and listens.
     *
     * @return the address that the port got
     * @throws BindException if the address is in use or not this machine's; its message names it
     */
    public InetSocketAddress start(final InetSocketAddress address) throws IOException, InterruptedException {
        group = new MultiThreadIoEventLoopGroup(
                loops.size(), new DefaultThreadFactory("ingest"), transport.ioHandlerFactory());
        final Map<EventExecutor, IngestLoop> byExecutor = new HashMap<>();
        int i = 0;
        for (final EventExecutor executor : group) {
            final IngestLoop loop = loops.get(i++);
            byExecutor.put(executor, loop);
            executor.submit(() -> loop.http().start((EventLoop) executor)).sync();
        }
        Precedence.give(group);
        final ChannelFuture bound = bootstrap(byExecutor).bind(address).await();
        if (!bound.isSuccess()) {
            close();
            final BindException refused = new BindException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage());
            refused.initCause(bound.cause());
            throw refused;
        }
        listener = bound.channel();
        return (InetSocketAddress) listener.localAddress();
    }

    private ServerBootstrap bootstrap(final Map<EventExecutor, IngestLoop> byExecutor) {
        return new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        // One read at a time: what a peer that does not read can make us hold is bounded by the
                        // replies to one read.
                        new AdaptiveRecvByteBufAllocator(512, 4096, IngestLoop.LARGEST_READ_BYTES)
                                .maxMessagesPerRead(1))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        channels.add(channel);
                        final IngestLoop loop = byExecutor.get(channel.eventLoop());
                        if (tls != null) {
                            // Keeps what it has not deciphered yet.
                            tls.addTo(channel, loop.counters());
                        } else if (transport.readsInTurn()) {
                            channel.config().setRecvByteBufAllocator(loop.readBuffer());
                        }
                        channel.pipeline().addLast(new HttpConnection(loop.http()));
                    }
                });
    }

    /** The state of each event loop, for metrics. */
    public List<IngestLoop> loops() {
        return List.copyOf(loops);
    }

    /** Bytes of the budget for unfinished requests and decompressed bodies that are free. Any thread may ask. */
    public long freeBodyBytes() {
        return budget.freeBytes();
    }

    /** Bytes of that budget in all. */
    public long bodyBytesCapacity() {
        return budget.capacityBytes();
    }

    /**
     * From now on requests must carry one of these keys. Returns when that holds on every event loop.
     *
     * @throws InterruptedException if it was interrupted while it waited: it may hold on some of them
     */
    public void writeKeys(final WriteKeys keys) throws InterruptedException {
        int i = 0;
        for (final EventExecutor executor : group) {
            final IngestLoop loop = loops.get(i++);
            executor.submit(() -> loop.writeKeys(keys)).sync();
        }
    }

    /** Closes the listening socket. Connections stay. */
    public void stopAccepting() {
        if (listener != null) {
            listener.close().syncUninterruptibly();
        }
    }

    /**
     * Lets the connections finish: requests that are complete are answered, the last on each connection with
     * {@code Connection: close}; idle connections are closed.
     *
     * @return true if all were closed within the time
     */
    public boolean drain(final long timeoutMillis) throws InterruptedException {
        int i = 0;
        for (final EventExecutor executor : group) {
            final IngestLoop loop = loops.get(i++);
            // A loop reads what is there before it runs its tasks: requests already received are answered first.
            executor.submit(loop.http()::drain).sync();
        }
        final long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (!channels.isEmpty()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            channels.newCloseFuture().await(DRAIN_POLL_MILLIS);
        }
        return true;
    }

    /** Closes every connection and ends the event loops. */
    @Override
    public void close() {
        if (group == null) {
            return;
        }
        stopAccepting();
        channels.close().awaitUninterruptibly();
        int i = 0;
        for (final EventExecutor executor : group) {
            executor.submit(loops.get(i++)::stop).syncUninterruptibly();
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        group = null;
    }
}
