package io.millrace.storage.postgres;

import io.millrace.pipeline.window.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.SortedSet;
import java.util.TreeSet;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the days that need not be kept any more: their partitions of windows and of users, never a row at a time.
 *
 * <ol>
 *   <li>A day goes when its last moment is older than the retention, and a {@link #GRACE} more: events that were accepted just
 *       before may still be under way.
 *   <li>A day goes in one transaction: its partitions, and the mark in {@code day_totals} by which its count is {@code expired}
 *       from then on. The books balance before and after it.
 *   <li>An event that comes later still makes the day's partitions again, and is counted like any other; the next pass drops
 *       them again.
 *   <li>DETACH takes ACCESS EXCLUSIVE on the parents, for which flushes and queries would queue up: it is given up after
 *       {@value #LOCK_MILLIS} ms, and tried again by the next pass. DETACH … CONCURRENTLY would not wait, but is no part of a
 *       transaction: between its two halves neither the books nor a late event would know where they are.
 *   <li>Hours in {@code hourly_totals} stay: they hold no user, and are few.
 * </ol>
 *
 * <p>Not thread-safe. Any number of servers may do this to one database: they take turns.
 */
public final class DayRetention {
    /** How much longer than the retention a day is kept. */
    public static final Duration GRACE = Duration.ofHours(1);

    static final int LOCK_MILLIS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(DayRetention.class);
    private static final String APPLICATION_NAME = "millrace-retention";
    private static final Duration LOGIN = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final String SET_UP = "SET statement_timeout = '30s'; SET lock_timeout = '" + LOCK_MILLIS + "ms'";
    private static final String MARK = "UPDATE day_totals SET expired = true WHERE day = ?";

    private final PostgresSettings settings;
    private final PostgresConnector connector;
    private final Duration retention;
    private final EpochClock epochClock;

    /**
     * Makes one that connects for each pass.
     *
     * @param retention how long a day is kept after its end
     */
    public DayRetention(final PostgresSettings settings, final Duration retention, final EpochClock epochClock) {
        this.settings = settings;
        this.retention = retention;
        this.epochClock = epochClock;
        connector = new PostgresConnector(settings);
    }

    /**
     * Drops what is old enough, beginning with the oldest.
     *
     * @throws StoreException if PostgreSQL does not answer or refuses; days that were dropped before stay dropped
     */
    public Pass run() throws StoreException {
        try (Connection connection = connector.open(APPLICATION_NAME, LOGIN, SILENCE)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(SET_UP);
            }
            return drop(connection);
        } catch (final SQLException e) {
            throw SqlErrors.storeException("cannot drop old days in " + settings.target(), e);
        }
    }

    private Pass drop(final Connection connection) throws SQLException {
        final long firstKept = DayPartitions.day(epochClock.time() - retention.toMillis() - GRACE.toMillis());
        final SortedSet<Long> old = new TreeSet<>();
        try (Statement statement = connection.createStatement()) {
            for (final String parent : DayPartitions.PARENTS) {
                old.addAll(DayPartitions.days(statement, parent));
            }
        }
        old.removeIf(day -> day >= firstKept);
        int dropped = 0;
        int left = 0;
        for (final long day : old) {
            switch (drop(connection, day)) {
                case DROPPED -> dropped++;
                case IN_USE -> left++;
                case GONE -> {
                    // Another server was first.
                }
            }
        }
        return new Pass(dropped, left);
    }

    private static Outcome drop(final Connection connection, final long day) throws SQLException {
        final LocalDate date = LocalDate.ofEpochDay(day);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                PreparedStatement mark = connection.prepareStatement(MARK)) {
            statement.execute(AdvisoryLocks.LOCK_PARTITIONS);
            Outcome outcome = Outcome.GONE;
            // In the order of a flush: the tables, then the row of the day.
            for (final String parent : DayPartitions.PARENTS) {
                if (DayPartitions.days(statement, parent).contains(day)) {
                    final String name = DayPartitions.name(parent, day);
                    statement.execute("ALTER TABLE " + parent + " DETACH PARTITION " + name);
                    statement.execute("DROP TABLE " + name);
                    outcome = Outcome.DROPPED;
                }
            }
            mark.setObject(1, date);
            mark.executeUpdate();
            connection.commit();
            connection.setAutoCommit(true);
            if (outcome == Outcome.DROPPED) {
                LOG.info("dropped {}: it is older than --retention", date);
            }
            return outcome;
        } catch (final SQLException e) {
            if (!SqlErrors.isLockTimeout(e)) {
                throw e;
            }
            connection.rollback();
            connection.setAutoCommit(true);
            LOG.info("cannot drop {} now, trying again: {}", date, SqlErrors.describe(e));
            return Outcome.IN_USE;
        }
    }

    /** What became of a day. */
    private enum Outcome {
        DROPPED,
        GONE,
        IN_USE
    }

    /**
     * What a pass has come to.
     *
     * @param dropped days that were dropped
     * @param left days that are old enough, but were in use
     */
    public record Pass(int dropped, int left) {}
}
