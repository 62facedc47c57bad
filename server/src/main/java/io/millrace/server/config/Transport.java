package io.millrace.server.config;

/** How Netty talks to the kernel. */
public enum Transport {
    /** The best that the machine has. */
    AUTO,
    EPOLL,
    IO_URING,
    NIO
}
