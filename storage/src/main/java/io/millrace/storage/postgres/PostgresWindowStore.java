package io.millrace.storage.postgres;

import io.millrace.pipeline.window.GroupTable;
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
    private final EpochClock epochClock;
    private final NanoClock nanoClock;
    private OwnerSession session;
    private int lastPid;
    private long lastExecutedNanos;

    public PostgresWindowStore(final PostgresSettings settings) {
        this(settings, DEFAULT_LEASE, SystemEpochClock.INSTANCE, SystemNanoClock.INSTANCE);
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
            final EpochClock epochClock,
            final NanoClock nanoClock) {
        this.settings = settings;
        this.lease = lease;
        this.epochClock = epochClock;
        this.nanoClock = nanoClock;
        connector = new PostgresConnector(settings);
    }

    @Override
    public Map<String, Watermark> own(final Collection<String> listed) throws StoreException {
        try {
            if (session == null) {
                session = OwnerSession.open(connector, lease, lastPid);
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
    public void commit(final GroupTable groups, final Map<String, Watermark> watermarks) throws StoreException {
        if (session == null || !session.owns(watermarks.keySet())) {
            throw new StoreException(
                    "this owner does not own all of " + watermarks.keySet() + ": take them over first");
        }
        checkForward(watermarks, groups);
        if (watermarks.isEmpty()) {
            return;
        }
        try {
            session.commit(groups, watermarks, epochClock.time());
            executed();
        } catch (final SQLException e) {
            throw failed("cannot commit " + groups.groupCount() + " groups to " + settings.target(), e);
        }
    }

    @Override
    public void heartbeat() throws StoreException {
        if (session == null || nanoClock.nanoTime() - lastExecutedNanos < lease.toNanos() / HEARTBEATS_PER_LEASE) {
            return;
        }
        try {
            session.ping();
            executed();
        } catch (final SQLException e) {
            throw failed("lost the session in " + settings.target(), e);
        }
    }

    @Override
    public void close() {
        closeSession();
    }

    private void checkForward(final Map<String, Watermark> watermarks, final GroupTable groups) {
        if (watermarks.isEmpty() && groups.groupCount() > 0) {
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
