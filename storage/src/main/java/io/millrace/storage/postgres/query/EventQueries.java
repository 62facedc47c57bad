package io.millrace.storage.postgres.query;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.postgres.PostgresConnector;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.postgres.SqlErrors;
import io.millrace.storage.postgres.WatermarkTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postgresql.Driver;

/**
 * Reads windows and totals, over a small pool of read-only connections of its own, so that no query ever waits for a
 * flush. Thread-safe; every call blocks, at most for the time to get a connection and the statement timeout.
 */
public final class EventQueries implements AutoCloseable {
    /** How long a query may run. */
    public static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(10);

    private static final String NAME = "millrace-queries";
    private static final String QUERY_CANCELED = "57014";
    private static final int MAX_CONNECTIONS = 4;
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration SILENCE = Duration.ofSeconds(15);
    /** What every connection of a query begins with. */
    static final String SET_UP = "SET statement_timeout = '" + STATEMENT_TIMEOUT.toSeconds() + "s';"
            + " SET idle_in_transaction_session_timeout = '20s';"
            // A plan for any parameters at all knows neither the days nor the length of the range.
            + " SET plan_cache_mode = force_custom_plan; SET jit = off";

    private static final String TOTALS = """
            SELECT coalesce(sum(count) FILTER (WHERE NOT expired), 0)::bigint,
                   coalesce(sum(count) FILTER (WHERE expired), 0)::bigint
            FROM day_totals""";

    private static final String VERIFIED_TOTALS = """
            SELECT day, coalesce(d.count, 0), coalesce(d.expired, false), coalesce(r.count, 0)
            FROM (SELECT (window_start AT TIME ZONE 'UTC')::date AS day, sum(count)::bigint AS count
                  FROM aggregated_events GROUP BY 1) AS r
            FULL JOIN day_totals d USING (day)""";

    private static final String STREAMS =
            "SELECT stream, updated_at, " + WatermarkTable.READ_COLUMNS + " FROM stream_watermarks ORDER BY stream";

    /** Days after today of which both tables have the partition, up to the first that lacks one. */
    private static final String DAYS_AHEAD = """
            SELECT count(*) FROM (
              SELECT bool_and(to_regclass('aggregated_events_' || day) IS NOT NULL
                AND to_regclass('user_event_maps_' || day) IS NOT NULL) OVER (ORDER BY day)
              FROM (SELECT to_char((now() AT TIME ZONE 'UTC')::date + n, 'YYYYMMDD')
                    FROM generate_series(1, 7) AS n) AS days (day)) AS held (so)
            WHERE so""";

    private final PostgresSettings settings;
    private final HikariDataSource pool;

    /** Makes the pool; connections are opened by the first queries, which wait for one for up to 5 s. */
    public EventQueries(final PostgresSettings settings) {
        this(settings, CONNECTION_TIMEOUT);
    }

    /**
     * Likewise, with a wait of one's own.
     *
     * @param connectionTimeout how long a query waits for a connection, at least 250 ms
     */
    public EventQueries(final PostgresSettings settings, final Duration connectionTimeout) {
        this.settings = settings;
        final HikariConfig config = new HikariConfig();
        config.setPoolName(NAME);
        config.setDriverClassName(Driver.class.getName());
        config.setJdbcUrl(settings.jdbcUrl());
        config.setDataSourceProperties(new PostgresConnector(settings).properties(NAME, SILENCE));
        config.setMaximumPoolSize(MAX_CONNECTIONS);
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE_TIMEOUT.toMillis());
        config.setConnectionTimeout(connectionTimeout.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setReadOnly(true);
        config.setConnectionInitSql(SET_UP);
        pool = new HikariDataSource(config);
    }

    /**
     * The totals over everything, from one snapshot.
     *
     * @param verify whether to add up all windows instead of the totals of the days: exact whatever was done to the
     *     tables, but reads all of them
     * @throws StoreException if PostgreSQL did not answer in time
     */
    public StoredTotals totals(final boolean verify) throws StoreException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (Statement statement = connection.createStatement()) {
                return verify ? verifiedTotals(statement) : totals(statement);
            } finally {
                connection.rollback();
            }
        } catch (final SQLException e) {
            throw failed("totals", e);
        }
    }

    /**
     * For how many days after today, by the clock of PostgreSQL, there are partitions; at most 7.
     *
     * @throws StoreException, QueryTimeoutException if PostgreSQL did not answer
     */
    public int partitionDaysAhead() throws StoreException, QueryTimeoutException {
        return read("the partitions", connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(DAYS_AHEAD)) {
                row.next();
                return row.getInt(1);
            }
        });
    }

    /**
     * A page of aggregates, in the order of window start, action and element; text is ordered by its bytes.
     *
     * @throws StoreException if PostgreSQL did not answer
     * @throws QueryTimeoutException if it took too long
     */
    public List<AggregateRow> aggregates(final AggregateFilter filter) throws StoreException, QueryTimeoutException {
        return read("aggregates", connection -> AggregateQuery.run(connection, filter));
    }

    /**
     * Events over time, of the largest groups and of the rest, from one snapshot.
     *
     * @param filter from and to are whole steps since 1970-01-01T00:00:00Z
     * @param step of whole hours, or a multiple of the window
     * @param group null for all together
     * @param limit the most groups that get a series of their own
     * @throws StoreException, QueryTimeoutException if PostgreSQL did not answer
     */
    public TimeSeries timeSeries(final EventFilter filter, final Duration step, final Dimension group, final int limit)
            throws StoreException, QueryTimeoutException {
        return read("a time series", connection -> TimeSeriesQuery.run(connection, filter, step, group, limit));
    }

    /**
     * The most frequent actions or elements, and how frequent they were in as long a time before, from one snapshot.
     *
     * @throws StoreException, QueryTimeoutException if PostgreSQL did not answer
     */
    public Top top(final EventFilter filter, final Dimension by, final int limit)
            throws StoreException, QueryTimeoutException {
        return read(
                "the most frequent " + by.column() + 's', connection -> TopQuery.run(connection, filter, by, limit));
    }

    /**
     * How many distinct users there were, from one snapshot.
     *
     * @param step null to have the whole range only; else as in {@link #timeSeries}
     * @throws StoreException, QueryTimeoutException if PostgreSQL did not answer
     */
    public UserCounts userCounts(final EventFilter filter, final Duration step)
            throws StoreException, QueryTimeoutException {
        return read("users", connection -> UserQueries.count(connection, filter, step));
    }

    /**
     * A page of users and how many events came from each, ordered by the bytes of their ids.
     *
     * @param after the last user of the page before; null for the first page
     * @throws StoreException, QueryTimeoutException if PostgreSQL did not answer
     */
    public List<UserTotal> users(final EventFilter filter, final String after, final int limit)
            throws StoreException, QueryTimeoutException {
        return read("users", connection -> UserQueries.page(connection, filter, after, limit));
    }

    /**
     * A page of what one user did, in the order of {@link #aggregates}.
     *
     * @param after null for the first page
     * @throws StoreException, QueryTimeoutException if PostgreSQL did not answer
     */
    public List<UserAction> userActions(
            final EventFilter filter, final String user, final AggregateCursor after, final int limit)
            throws StoreException, QueryTimeoutException {
        return read("a user's actions", connection -> UserQueries.actions(connection, filter, user, after, limit));
    }

    @Override
    public void close() {
        pool.close();
    }

    private static StoredTotals totals(final Statement statement) throws SQLException {
        final long counted;
        final long expired;
        try (ResultSet row = statement.executeQuery(TOTALS)) {
            row.next();
            counted = row.getLong(1);
            expired = row.getLong(2);
        }
        return new StoredTotals(counted, expired, Map.of(), streams(statement));
    }

    private static StoredTotals verifiedTotals(final Statement statement) throws SQLException {
        long counted = 0;
        long expired = 0;
        final Map<LocalDate, Long> differences = new TreeMap<>();
        try (ResultSet row = statement.executeQuery(VERIFIED_TOTALS)) {
            while (row.next()) {
                final long total = row.getLong(2);
                final long held = row.getLong(4);
                counted += held;
                if (row.getBoolean(3)) {
                    // A late event gives an expired day rows again: what is in them has not expired.
                    expired += total - held;
                } else if (total != held) {
                    differences.put(row.getObject(1, LocalDate.class), total - held);
                }
            }
        }
        return new StoredTotals(counted, expired, differences, streams(statement));
    }

    private static List<StreamTotals> streams(final Statement statement) throws SQLException {
        final List<StreamTotals> streams = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(STREAMS)) {
            while (rows.next()) {
                streams.add(new StreamTotals(
                        rows.getString(1),
                        WatermarkTable.read(rows, 3),
                        rows.getObject(2, OffsetDateTime.class).toInstant()));
            }
        }
        return streams;
    }

    private <T> T read(final String what, final Read<T> read) throws StoreException, QueryTimeoutException {
        try (Connection connection = pool.getConnection()) {
            return read.from(connection);
        } catch (final SQLException e) {
            if (QUERY_CANCELED.equals(e.getSQLState())) {
                throw new QueryTimeoutException(
                        "reading " + what + " took longer than " + STATEMENT_TIMEOUT.toSeconds() + " s", e);
            }
            throw failed(what, e);
        }
    }

    private StoreException failed(final String what, final SQLException cause) {
        return SqlErrors.storeException("cannot read " + what + " from " + settings.target(), cause);
    }

    /** Reads something by one statement. */
    @FunctionalInterface
    private interface Read<T> {
        T from(Connection connection) throws SQLException;
    }
}
