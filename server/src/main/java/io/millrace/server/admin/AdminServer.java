package io.millrace.server.admin;

import io.millrace.pipeline.journal.Journal;
import io.millrace.server.admin.api.ApiContext;
import io.millrace.server.admin.api.ApiResources;
import io.millrace.server.admin.dashboard.DashboardFiles;
import io.millrace.server.admin.http.AdminResource;
import io.millrace.server.admin.profile.AsyncProfiling;
import io.millrace.server.admin.profile.ProfileResource;
import io.millrace.storage.StartupException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The admin port. Starting and closing belong to the thread that wires the server.
 *
 * <p>One event loop of its own takes requests and samples the ages of events; what may block runs on {@link AdminThreads}, and is
 * answered 503 when too much of it waits.
 */
public final class AdminServer implements AutoCloseable {
    static final int MAX_LINE_BYTES = 8192;
    static final int MAX_HEADER_BYTES = 8192;

    private static final int BACKLOG = 128;
    private static final long SAMPLE_INTERVAL_MILLIS = 250;
    private static final long RATE_INTERVAL_MILLIS = 1_000;
    private static final long STORE_INTERVAL_MILLIS = 5_000;
    private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

    private final AdminSettings settings;
    private final Map<String, ProgressAge> ages = new LinkedHashMap<>();
    private final LedgerCache ledgerCache;
    private final PartitionSurvey partitions;
    private final LatencyRecord latency;
    private final PathRates rates;
    private final AdminRoutes routes;
    private final AdminThreads threads = new AdminThreads();
    private EventLoopGroup eventLoop;
    private AdminChannels channels;

    /** Makes the server; it does not listen yet. */
    public AdminServer(final AdminSettings settings, final AdminSources sources, final Ledger ledger) {
        this(settings, sources, ledger, SystemNanoClock.INSTANCE, Clock.systemUTC());
    }

    AdminServer(
            final AdminSettings settings,
            final AdminSources sources,
            final Ledger ledger,
            final NanoClock nanoClock,
            final Clock clock) {
        this.settings = settings;
        for (final Journal journal : sources.journals()) {
            ages.put(journal.stream(), new ProgressAge(journal.progress(), nanoClock));
        }
        ledgerCache = new LedgerCache(ledger, nanoClock);
        partitions = new PartitionSurvey(sources.queries());
        latency = new LatencyRecord(sources.replyLatency(), nanoClock);
        rates = new PathRates(sources, nanoClock);
        routes = routes(sources, ledger, nanoClock, clock);
    }

    private AdminRoutes routes(
            final AdminSources sources, final Ledger ledger, final NanoClock nanoClock, final Clock clock) {
        final Readiness readiness =
                new Readiness(sources.lifecycle(), sources.shippers(), sources.aggregator(), ages, settings.maxAge());
        final StatusJson status = new StatusJson(
                settings,
                sources,
                readiness,
                new PathJson(settings, sources, rates, ages),
                latency,
                ledgerCache,
                clock,
                nanoClock);
        final Map<String, AdminResource> resources = new HashMap<>(HealthResources.of(readiness));
        resources.put("/ledger", new LedgerResource(ledger));
        resources.put(
                "/metrics",
                new MetricsResource(
                        new Metrics(sources, ages, ledgerCache, partitions, latency, nanoClock, settings.version())));
        resources.put("/api/status", new StatusResource(status));
        resources.put("/profile", new ProfileResource(new AsyncProfiling(settings.libraries())));
        resources.putAll(ApiResources.of(new ApiContext(sources.queries(), settings.window(), clock)));
        resources.putAll(DashboardFiles.resources());
        return new AdminRoutes(new HostCheck(settings.hosts()), new TokenCheck(settings.token()), resources);
    }

    /**
     * Begins to listen.
     *
     * @return the address bound
     * @throws StartupException if it cannot be bound
     */
    public InetSocketAddress start() {
        eventLoop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
        channels = new AdminChannels(eventLoop.next(), routes, threads);
        final ChannelFuture bound = new ServerBootstrap()
                .group(eventLoop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                // A handler asks for the next request when it has answered the one before.
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(channels)
                .bind(settings.address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            throw new StartupException(
                    "cannot listen on --admin " + settings.address().getHostString() + ':'
                            + settings.address().getPort() + ": "
                            + bound.cause().getMessage() + "; free it, or give another --admin <host>:<port>",
                    bound.cause());
        }
        final Channel listener = bound.channel();
        channels.add(listener);
        every(SAMPLE_INTERVAL_MILLIS, this::sampleAges);
        every(RATE_INTERVAL_MILLIS, this::sampleRates);
        every(STORE_INTERVAL_MILLIS, () -> refresh(ledgerCache::refresh));
        every(STORE_INTERVAL_MILLIS, () -> refresh(partitions::refresh));
        return (InetSocketAddress) listener.localAddress();
    }

    /** Stops to listen, closes all connections and ends the threads; a profile is given up, and a query under way not waited for beyond 2 s. */
    @Override
    public void close() {
        threads.close();
        if (eventLoop != null) {
            channels.close();
            eventLoop
                    .shutdownGracefully(0, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
        }
    }

    private void every(final long intervalMillis, final Runnable task) {
        final Future<?> unused = eventLoop.scheduleWithFixedDelay(task, 0, intervalMillis, TimeUnit.MILLISECONDS);
    }

    private void sampleAges() {
        ages.values().forEach(ProgressAge::sample);
    }

    private void sampleRates() {
        latency.take();
        rates.sample();
    }

    private void refresh(final Runnable query) {
        try {
            threads.execute(AdminResource.Execution.QUERY_THREAD, query);
        } catch (final RejectedExecutionException e) {
            // So many queries wait, or the server closes, that the metrics show what was so before.
        }
    }
}
