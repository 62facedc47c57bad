package io.millrace.server.ingest;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;

/** How the event loops ask the kernel for I/O. */
public enum Transport {
    /** epoll where it is available, else NIO. */
    AUTO,
    EPOLL,
    IO_URING,
    NIO;

    /**
     * The transport itself: never {@link #AUTO}.
     *
     * @throws IllegalStateException if this machine does not have it
     */
    Transport resolve() {
        return switch (this) {
            case AUTO -> Epoll.isAvailable() ? EPOLL : NIO;
            case EPOLL -> require(Epoll.isAvailable(), Epoll.unavailabilityCause());
            case IO_URING -> require(IoUring.isAvailable(), IoUring.unavailabilityCause());
            case NIO -> NIO;
        };
    }

    /** Whether this machine has it. */
    public boolean available() {
        return switch (this) {
            case AUTO, NIO -> true;
            case EPOLL -> Epoll.isAvailable();
            case IO_URING -> IoUring.isAvailable();
        };
    }

    /** Whether a loop has one read under way at a time, so that all can go into the same buffer. */
    boolean readsInTurn() {
        return resolve() != IO_URING;
    }

    IoHandlerFactory ioHandlerFactory() {
        return switch (resolve()) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
            default -> NioIoHandler.newFactory();
        };
    }

    Class<? extends ServerSocketChannel> serverChannel() {
        return switch (resolve()) {
            case EPOLL -> EpollServerSocketChannel.class;
            case IO_URING -> IoUringServerSocketChannel.class;
            default -> NioServerSocketChannel.class;
        };
    }

    private Transport require(final boolean available, final Throwable cause) {
        if (!available) {
            throw new IllegalStateException("transport " + this + " is not available here; choose AUTO or NIO", cause);
        }
        return this;
    }
}
