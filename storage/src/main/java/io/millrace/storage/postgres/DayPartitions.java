package io.millrace.storage.postgres;

import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.GroupTable;
import io.millrace.pipeline.window.IdentifiedEvents;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.collections.LongHashSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of the UTC days. Those of a flush are made before it, those of today and the next two days ahead of it,
 * in a transaction of their own: a table is made and then attached, because ATTACH PARTITION takes SHARE UPDATE EXCLUSIVE
 * on the parent, which lets flushes and queries pass, where CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE.
 *
 * <p>Days are numbered from 1970-01-01. Not thread-safe. It remembers what it has seen; if a partition is dropped behind
 * its back, the flush fails, the session ends with it, and the next session looks again.
 */
final class DayPartitions {
    private static final Logger LOG = LoggerFactory.getLogger(DayPartitions.class);
    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);
    private static final int DAYS_AHEAD = 2;
    private static final long RETRY_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
    private static final long LAST_DAY = LocalDate.of(9999, 12, 30).toEpochDay();
    /** The tables that have partitions, in the order in which a flush locks them. */
    static final List<String> PARENTS = List.of("aggregated_events", "user_event_maps");

    private static final String LIST = "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            + " WHERE i.inhparent = '%s'::regclass AND NOT i.inhdetachpending";

    private static final Pattern NAME = Pattern.compile("(.+)_([0-9]{8})");
    private static final String LOCK = "SET LOCAL lock_timeout = '5s'; " + AdvisoryLocks.LOCK_PARTITIONS;
    private static final String DATETIME_OVERFLOW = "22008";

    private final Connection connection;
    private final LongHashSet known = new LongHashSet();
    private long lastToday = Long.MIN_VALUE;
    private long nextAttemptMillis = Long.MIN_VALUE;

    DayPartitions(final Connection connection) {
        this.connection = connection;
    }

    /**
     * Makes the partitions that the batch needs, and those ahead. Runs outside a transaction.
     *
     * @param nowMillis the time, epoch milliseconds
     * @throws SQLException if one that is needed cannot be made; those ahead may also be made later
     */
    void ensure(final FlushBatch batch, final long nowMillis) throws SQLException {
        final SortedSet<Long> missing = new TreeSet<>();
        final GroupTable groups = batch.groups();
        for (int group = 0, count = groups.groupCount(); group < count; group++) {
            addIfMissing(missing, day(groups.windowStartMillis(group)));
        }
        // A window does not cross midnight: an event's day is its window's.
        final IdentifiedEvents identified = batch.identified();
        for (int number = 0, count = identified.size(); number < count; number++) {
            addIfMissing(missing, day(identified.timestampMillis(number)));
        }
        missing.removeIf(day -> !isPossible(day));
        if (!missing.isEmpty()) {
            make(missing);
        }
        final long today = day(nowMillis);
        if (today != lastToday && nowMillis >= nextAttemptMillis) {
            makeAhead(today, nowMillis);
        }
    }

    /**
     * Checks that a partition can be made for every group.
     *
     * @throws SQLException as PostgreSQL would, if one cannot
     */
    static void checkDays(final GroupTable groups) throws SQLException {
        for (int group = 0, count = groups.groupCount(); group < count; group++) {
            if (!isPossible(day(groups.windowStartMillis(group)))) {
                throw new SQLException("a window lies outside the years 1 to 9999", DATETIME_OVERFLOW);
            }
        }
    }

    static long day(final long epochMillis) {
        return Math.floorDiv(epochMillis, DAY_MILLIS);
    }

    private static boolean isPossible(final long day) {
        return day >= FIRST_DAY && day <= LAST_DAY;
    }

    private void makeAhead(final long today, final long nowMillis) throws SQLException {
        final SortedSet<Long> missing = new TreeSet<>();
        for (long day = today; day <= today + DAYS_AHEAD; day++) {
            addIfMissing(missing, day);
        }
        try {
            if (!missing.isEmpty()) {
                make(missing);
            }
            lastToday = today;
        } catch (final SQLException e) {
            if (!SqlErrors.isLockTimeout(e)) {
                throw e;
            }
            // Somebody analyses or alters the table. There are two days left to try again: no reason to fail a flush.
            connection.rollback();
            connection.setAutoCommit(true);
            nextAttemptMillis = nowMillis + RETRY_MILLIS;
            LOG.warn("partitions cannot be made ahead now, trying again in a minute: {}", SqlErrors.describe(e));
        }
    }

    private void addIfMissing(final SortedSet<Long> missing, final long day) {
        if (!known.contains(day)) {
            missing.add(day);
        }
    }

    private void make(final SortedSet<Long> days) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK);
            for (final String parent : PARENTS) {
                final Set<Long> existing = days(statement, parent);
                for (final long day : days) {
                    if (!existing.contains(day)) {
                        make(statement, parent, day);
                    }
                }
            }
            connection.commit();
        }
        connection.setAutoCommit(true);
        known.addAll(days);
    }

    /** The days of which a table has a partition; partitions that were given other names are none of ours. */
    static Set<Long> days(final Statement statement, final String parent) throws SQLException {
        final Set<Long> days = new HashSet<>();
        try (ResultSet rows = statement.executeQuery(LIST.formatted(parent))) {
            while (rows.next()) {
                final Matcher name = NAME.matcher(rows.getString(1));
                if (name.matches() && name.group(1).equals(parent)) {
                    days.add(LocalDate.parse(name.group(2), DateTimeFormatter.BASIC_ISO_DATE)
                            .toEpochDay());
                }
            }
        }
        return days;
    }

    private static void make(final Statement statement, final String parent, final long day) throws SQLException {
        // Names and bounds cannot be bound parameters; all of them are made of numbers.
        final String name = name(parent, day);
        statement.execute("CREATE TABLE " + name + " (LIKE " + parent
                + " INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING CONSTRAINTS)"
                + storage(parent));
        statement.execute("ALTER TABLE " + parent + " ATTACH PARTITION " + name + " FOR VALUES FROM ('"
                + LocalDate.ofEpochDay(day) + " 00:00:00+00') TO ('" + LocalDate.ofEpochDay(day + 1)
                + " 00:00:00+00')");
    }

    /** Room for the updates of later flushes: 97% of them then leave the index alone, 19% without it. */
    private static String storage(final String parent) {
        return "aggregated_events".equals(parent) ? " WITH (fillfactor = 70)" : "";
    }

    static String name(final String parent, final long day) {
        return parent + '_' + DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.ofEpochDay(day));
    }
}
