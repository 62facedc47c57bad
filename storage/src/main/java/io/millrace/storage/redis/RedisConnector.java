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
import io.lettuce.core.resource.ThreadFactoryProvider;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.storage.StartupException;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes connections to the Redis of one URI, and owns the threads that serve them. Thread-safe.
 *
 * <p>Each connection is to one server and stays with it. Lettuce's clients for Sentinel and Cluster are not used: they follow
 * redirects, and send a command twice, by themselves. Which server to connect to is told by the {@link #topology()}.
 */
final class RedisConnector implements AutoCloseable {
    /** Above what any call of ours puts on one connection at a time, with what Lettuce sends by itself at its start. */
    private static final int REQUEST_QUEUE_SIZE = 32;
    /** Lettuce's minimum; they do nothing here but publish events that nobody subscribes to. */
    private static final int COMPUTATION_THREADS = 2;

    private static final long CLOSE_MILLIS = 2_000;

    private final EventLoops eventLoops;
    private final ClientResources resources;
    private final RedisClient client;
    private final RedisUri uri;
    private final RedisOptions options;
    private final AtomicBoolean isClosed;

    RedisConnector(final RedisOptions options) {
        this.options = options;
        uri = parse(options.uri());
        isClosed = new AtomicBoolean();
        // Given from outside, since Lettuce's own provider has two threads at the least.
        final ThreadFactoryProvider threads = pool -> new DefaultThreadFactory(pool, true);
        eventLoops = new SharedLoops(options.ioThreads(), threads);
        resources = resources(eventLoops)
                .threadFactoryProvider(threads)
                .computationThreadPoolSize(COMPUTATION_THREADS)
                .build();
        client = client();
    }

    private RedisConnector(final RedisConnector shared) {
        options = shared.options;
        uri = shared.uri;
        isClosed = shared.isClosed;
        eventLoops = new CallerLoop(isClosed::get);
        // What is given from outside is not shut down with these.
        resources = resources(eventLoops)
                .eventExecutorGroup(shared.resources.eventExecutorGroup())
                .timer(shared.resources.timer())
                .eventBus(shared.resources.eventBus())
                .build();
        client = client();
    }

    private static ClientResources.Builder resources(final EventLoops eventLoops) {
        return ClientResources.builder()
                .eventLoopGroupProvider(eventLoops)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled());
    }

    private RedisClient client() {
        final RedisClient made = RedisClient.create(resources);
        made.setOptions(clientOptions(options.connectTimeout()));
        return made;
    }

    /**
     * The same for one thread, which moves the bytes of its connections itself while it waits: see {@link CallerLoop}. To be closed
     * by {@link #closeOfCaller()}; when this is closed its calls fail.
     */
    RedisConnector ofCaller() {
        return new RedisConnector(this);
    }

    /** Waits for what one of the connections brings. */
    <T> T await(final Future<T> future, final long timeoutNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        return eventLoops.await(future, timeoutNanos);
    }

    /** Sees to it that the end of a connection is seen. */
    void poll() {
        eventLoops.poll();
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

    private static RedisUri parse(final String text) {
        try {
            return RedisUri.parse(text);
        } catch (final IllegalArgumentException e) {
            throw new StartupException("redis: the address " + e.getMessage(), e);
        }
    }

    /** Begins to connect to a server of Redis, within the connect timeout. */
    ConnectionFuture<StatefulRedisConnection<String, Block>> connect(final RedisNode node) throws StreamException {
        return connect(node, uri.to(node, options.connectTimeout()));
    }

    /** Begins to connect to a Sentinel, within the connect timeout. */
    ConnectionFuture<StatefulRedisConnection<String, Block>> connectToSentinel(final RedisNode sentinel)
            throws StreamException {
        return connect(sentinel, uri.toSentinel(sentinel, options.connectTimeout()));
    }

    private ConnectionFuture<StatefulRedisConnection<String, Block>> connect(
            final RedisNode node, final RedisURI target) throws StreamException {
        if (isClosed.get()) {
            throw new StreamException("redis " + node + ": closed");
        }
        return client.connectAsync(BlockCodec.INSTANCE, target);
    }

    /** A new view of where the masters are, for one thread. */
    Topology topology() {
        return switch (uri.kind()) {
            case STANDALONE -> new SingleNode(uri.seeds().get(0));
            case SENTINEL -> new SentinelTopology(this);
            case CLUSTER -> new ClusterTopology(this);
        };
    }

    RedisUri uri() {
        return uri;
    }

    RedisOptions options() {
        return options;
    }

    /** Where Redis is, for messages. */
    String address() {
        return uri.toString();
    }

    /** Closes all connections, open calls fail. */
    @Override
    public void close() {
        isClosed.set(true);
        client.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        resources.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
        eventLoops.close();
    }

    /** Closes what {@link #ofCaller()} made, on its thread. */
    void closeOfCaller() {
        eventLoops.close();
        final Object unused = resources.shutdown(0, 0, TimeUnit.MILLISECONDS);
    }
}
