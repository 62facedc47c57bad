package io.millrace.bench.evolution.architecture;

import io.millrace.bench.http.Sockets;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** The front that the architectures share: Netty with its own HTTP codec, one event loop, a JSON event in each request. */
final class Front implements AutoCloseable {
    private static final int MAX_BODY_BYTES = 1 << 20;

    private final MultiThreadIoEventLoopGroup group;
    private final Channel listener;

    /** Listens on a free port. */
    Front(final Architecture architecture) {
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("ingest"), Sockets.ioHandlerFactory());
        listener = new ServerBootstrap()
                .group(group)
                .channel(Sockets.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(MAX_BODY_BYTES),
                                        new FrontHandler(architecture));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    void await() throws InterruptedException {
        listener.closeFuture().sync();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
