package io.millrace.bench.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The yardstick: Netty with nothing on it but {@link BareHandler}, which answers each request with a constant GIF. What a server
 * takes above it is its own; what a load generator takes against it is the generator's.
 *
 * <p>Thread-safe.
 */
public final class BareNettyServer implements AutoCloseable {
    static final int LARGEST_READ_BYTES = 65536;

    private final MultiThreadIoEventLoopGroup group;
    private final Channel listener;

    private BareNettyServer(final MultiThreadIoEventLoopGroup group, final Channel listener) {
        this.group = group;
        this.listener = listener;
    }

    /**
     * Listens.
     *
     * @param address port 0 is any free one
     * @param eventLoops threads
     */
    public static BareNettyServer start(final InetSocketAddress address, final int eventLoops) {
        final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                eventLoops, new DefaultThreadFactory("bare"), Sockets.ioHandlerFactory());
        final ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(Sockets.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(512, 4096, LARGEST_READ_BYTES))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        channel.pipeline().addLast(new BareHandler());
                    }
                });
        try {
            return new BareNettyServer(
                    group, bootstrap.bind(address).syncUninterruptibly().channel());
        } catch (final RuntimeException e) {
            stop(group);
            throw e;
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Waits until it is closed. */
    public void await() throws InterruptedException {
        listener.closeFuture().sync();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        stop(group);
    }

    private static void stop(final MultiThreadIoEventLoopGroup group) {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
