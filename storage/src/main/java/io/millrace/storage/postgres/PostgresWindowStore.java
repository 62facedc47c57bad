package io.millrace.storage.postgres;

import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.RefusalHandler;
import io.millrace.pipeline.window.RefusedException;
import io.millrace.pipeline.window.StoreException;
import io.millrace.pipeline.window.Watermark;
import io.millrace.pipeline.window.WindowStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Windows in PostgreSQL, over one direct connection that holds the locks on the streams and commits.
 *
 * <ol>
 *   <li>A stream is owned from {@link #own} on until the session ends; every failure ends it, so that there is one way
 *       back, which is own(), and one truth, which is the watermarks it returns.
 *   <li>Counts and watermarks are committed together, and a watermark moves only from what this owner last wrote: an owner
 *       that lost its lock unawares cannot commit.
 *   <li>The connection must be direct: behind a pooler that shares sessions the locks would belong to nobody.
 * </ol>
 *
 * <p>Not thread-safe: one thread, the aggregator. The schema is made beforehand by {@link PostgresSchema}.
 */
public final class PostgresWindowStore implements WindowStore {
    /** How long an owner may be silent before a contender may end its session. */
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWindowStore.class);
    private static final int HEARTBEATS_PER_LEASE = 3;

    private final PostgresSettings settings;
    private final PostgresConnector connector;
    private final Duration lease;
    private final Duration dedupWindow;
    private final EpochClock epochClock;
    private final NanoClock nanoClock;
    private OwnerSession session;
    private int lastPid;
    private long lastExecutedNanos;

    /**
     * Makes a store that connects at the first {@link #own}.
     *
     * @param dedupWindow how long an event id is remembered; zero if no batch has identified events
     */
    public PostgresWindowStore(final PostgresSettings settings, final Duration dedupWindow) {
        this(settings, DEFAULT_LEASE, dedupWindow, SystemEpochClock.INSTANCE, SystemNanoClock.INSTANCE);
    }

    /**
     * Makes a store that connects at the first {@link #own}.
     *
     * @param epochClock tells for which day partitions are made ahead
     * @param nanoClock tells when a heartbeat is due
     */
    public PostgresWindowStore(
            final PostgresSettings settings,
            final Duration lease,
            final Duration dedupWindow,
            final EpochClock epochClock,
            final NanoClock nanoClock) {
        this.settings = settings;
        this.lease = lease;
        this.dedupWindow = dedupWindow;
        this.epochClock = epochClock;
        this.nanoClock = nanoClock;
        connector = new PostgresConnector(settings);
    }

    @Override
    public Map<String, Watermark> own(final Collection<String> listed) throws StoreException {
        try {
            if (session == null) {
                session = OwnerSession.open(connector, lease, dedupWindow, lastPid);
                lastPid = session.pid();
            }
            final Map<String, Watermark> watermarks = session.own(listed);
            executed();
            return watermarks;
        } catch (final SQLException e) {
            throw failed("cannot take over streams in " + settings.target(), e);
        }
    }

    @Override
    public Set<String> asked() {
        return session == null ? Set.of() : Set.copyOf(session.asked());
    }

    @Override
    public void release(final Collection<String> streams) throws StoreException {
        if (session == null || !session.owns(streams)) {
            throw new StoreException("this owner does not own all of " + streams);
        }
        try {
            session.release(streams);
            executed();
        } catch (final SQLException e) {
            throw failed("cannot release streams in " + settings.target(), e);
        }
    }

    @Override
    public void leave() {
        closeSession();
    }

    @Override
    public Map<String, Watermark> commit(final FlushBatch batch, final Map<String, Watermark> watermarks)
            throws StoreException {
        checkOwned(watermarks.keySet());
        checkForward(watermarks, batch);
        if (watermarks.isEmpty()) {
            return watermarks;
        }
        try {
            final Map<String, Watermark> committed =
                    session.commit(batch, watermarks, epochClock.time(), nanoClock.nanoTime());
            executed();
            return committed;
        } catch (final SQLException e) {
            final StoreException failure = failed(commitOf(batch), e);
            throw SqlErrors.isRefusal(e) ? new RefusedException(failure.getMessage(), e) : failure;
        }
    }

    @Override
    public Watermark commitPiecewise(
            final FlushBatch batch, final String stream, final Watermark watermark, final RefusalHandler refusals)
            throws StoreException {
        checkOwned(Set.of(stream));
        checkForward(Map.of(stream, watermark), batch);
        try {
            final Watermark committed = session.commitPiecewise(
                    batch, stream, watermark, refusals, epochClock.time(), nanoClock.nanoTime());
            executed();
            return committed;
        } catch (final SQLException e) {
            throw failed(commitOf(batch), e);
        } catch (final StreamException e) {
            closeSession();
            throw new StoreException(commitOf(batch) + ": what was refused cannot be set aside: " + e.getMessage(), e);
        }
    }

    @Override
    public void heartbeat() throws StoreException {
        if (session == null) {
            return;
        }
        final long nowNanos = nanoClock.nanoTime();
        try {
            if (!dedupWindow.isZero() && session.rotateIfDue(nowNanos)) {
                executed();
            } else if (nowNanos - lastExecutedNanos >= lease.toNanos() / HEARTBEATS_PER_LEASE) {
                session.ping();
                executed();
            }
        } catch (final SQLException e) {
            throw failed("lost the session in " + settings.target(), e);
        }
    }

    @Override
    public void close() {
        closeSession();
    }

    private String commitOf(final FlushBatch batch) {
        return "cannot commit " + batch.groups().groupCount() + " groups and "
                + batch.identified().size() + " events with an id to " + settings.target();
    }

    private void checkOwned(final Set<String> streams) throws StoreException {
        if (session == null || !session.owns(streams)) {
            throw new StoreException("this owner does not own all of " + streams + ": take them over first");
        }
    }

    private void checkForward(final Map<String, Watermark> watermarks, final FlushBatch batch) {
        if (batch.identified().size() > 0 && dedupWindow.isZero()) {
            throw new IllegalArgumentException("a store that remembers no event ids cannot compare them");
        }
        if (watermarks.isEmpty()
                && batch.groups().groupCount() + batch.identified().size() > 0) {
            throw new IllegalArgumentException("groups without a watermark that covers them would be counted again");
        }
        for (final Map.Entry<String, Watermark> moved : watermarks.entrySet()) {
            final long last = session.watermark(moved.getKey()).lastEvent();
            if (moved.getValue().lastEvent() < last) {
                throw new IllegalArgumentException("the watermark of " + moved.getKey() + " would go back from event "
                        + last + " to " + moved.getValue().lastEvent());
            }
        }
    }

    private void executed() {
        lastExecutedNanos = nanoClock.nanoTime();
    }

    private StoreException failed(final String what, final SQLException cause) {
        closeSession();
        return SqlErrors.storeException(what, cause);
    }

    private void closeSession() {
        final OwnerSession session = this.session;
        this.session = null;
        if (session != null) {
            try {
                session.close();
            } catch (final SQLException e) {
                LOG.warn("closing the session in {} failed: {}", settings.target(), SqlErrors.describe(e));
            }
        }
    }
}
