package io.millrace.storage.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.ThreadFactoryProvider;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.storage.StartupException;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Makes connections to the Redis of one URI, and owns the threads that serve them. Thread-safe.
 *
 * <p>This is the only class that knows where Redis is: Sentinel and Cluster change what {@link #connect()} connects to, and
 * nothing else.
 */
final class RedisConnector implements AutoCloseable {
    /** Above what any call of ours puts on one connection at a time, with what Lettuce sends by itself at its start. */
    private static final int REQUEST_QUEUE_SIZE = 32;
    /** Lettuce's minimum; they do nothing here but publish events that nobody subscribes to. */
    private static final int COMPUTATION_THREADS = 2;

    private static final long CLOSE_MILLIS = 2_000;

    private final EventLoopGroupProvider eventLoops;
    private final ClientResources resources;
    private final RedisClient client;
    private final RedisURI uri;
    private final RedisOptions options;
    private volatile boolean isClosed;

    RedisConnector(final RedisOptions options) {
        this.options = options;
        this.uri = parse(options.uri());
        uri.setTimeout(options.connectTimeout());
        // Given from outside, since Lettuce's own provider has two threads at the least.
        final ThreadFactoryProvider threads = pool -> new DefaultThreadFactory(pool, true);
        eventLoops = new DefaultEventLoopGroupProvider(options.ioThreads(), threads);
        resources = ClientResources.builder()
                .eventLoopGroupProvider(eventLoops)
                .threadFactoryProvider(threads)
                .computationThreadPoolSize(COMPUTATION_THREADS)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        client = RedisClient.create(resources);
        client.setOptions(clientOptions(options.connectTimeout()));
    }

    /**
     * Lettuce as a socket that loses nothing by itself: a lost connection stays lost, and a command is sent once or fails.
     * RESP2, so that a reply has one shape on every server. No time limits: {@link RedisSession} has its own, and needs no
     * timer per command.
     */
    private static ClientOptions clientOptions(final Duration connectTimeout) {
        return ClientOptions.builder()
                .autoReconnect(false)
                .replayFilter(command -> true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(REQUEST_QUEUE_SIZE)
                .protocolVersion(ProtocolVersion.RESP2)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .pingBeforeActivateConnection(false)
                .timeoutOptions(TimeoutOptions.create())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(connectTimeout)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .build();
    }

    private static RedisURI parse(final String text) {
        final RedisURI uri;
        try {
            uri = RedisURI.create(text);
        } catch (final IllegalArgumentException e) {
            // Neither the URI nor the message of its parser is shown: both may hold the password.
            throw new StartupException(
                    "redis: not a URI that can be used: give redis://[user:password@]host[:port][/database]"
                            + " or rediss://…, with special characters in the password percent-encoded");
        }
        if (!uri.getSentinels().isEmpty()) {
            throw new StartupException(
                    "redis: Sentinel URIs are not supported: give the address of the primary as redis://host:port");
        }
        if (uri.getSocket() == null && uri.getHost().indexOf(',') >= 0) {
            throw new StartupException(
                    "redis: a list of hosts is not supported: give the address of one server as redis://host:port");
        }
        return uri;
    }

    /** Begins to connect, within the connect timeout. */
    ConnectionFuture<StatefulRedisConnection<String, Block>> connect() throws StreamException {
        if (isClosed) {
            throw new StreamException("redis " + address() + ": closed");
        }
        return client.connectAsync(BlockCodec.INSTANCE, uri);
    }

    RedisOptions options() {
        return options;
    }

    /** Where Redis is, for messages: host and port, or the socket's path. */
    String address() {
        return uri.getSocket() != null ? uri.getSocket() : uri.getHost() + ':' + uri.getPort();
    }

    /** Closes all connections, open calls fail. */
    @Override
    public void close() {
        isClosed = true;
        client.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        resources.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
        eventLoops.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
    }
}
