package io.millrace.storage.postgres;

import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.window.Watermark;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The rows of {@code stream_watermarks}. They move only from what this session read or wrote last; anything else means
 * that somebody else has written them.
 *
 * <p>Without state: as thread-safe as what it is given.
 */
public final class WatermarkTable {
    /** Moves watermarks; the parameters are bound by {@link #bindAdvance}. The number of rows tells whether all matched. */
    static final String ADVANCE = """
            UPDATE stream_watermarks AS w
            SET entry_generation = n.entry_generation, entry_sequence = n.entry_sequence, last_event = n.last_event,
                counted = n.counted, duplicates = n.duplicates, poisoned = n.poisoned, lost = n.lost, updated_at = now()
            FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                        ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
                AS n (stream, entry_generation, entry_sequence, last_event, counted, duplicates, poisoned, lost,
                      old_generation, old_sequence, old_event)
            WHERE w.stream = n.stream AND w.entry_generation = n.old_generation
              AND w.entry_sequence = n.old_sequence AND w.last_event = n.old_event""";

    private static final String INSERT_MISSING =
            "INSERT INTO stream_watermarks (stream) SELECT unnest(?::text[]) ON CONFLICT DO NOTHING";

    /** The columns that {@link #read} reads. */
    public static final String READ_COLUMNS =
            "entry_generation, entry_sequence, last_event, counted, duplicates, poisoned, lost";

    private static final String SELECT =
            "SELECT stream, " + READ_COLUMNS + " FROM stream_watermarks WHERE stream = ANY (?)";

    private static final int COLUMNS = 10;

    private WatermarkTable() {}

    /** Reads the rows of the streams, and makes those that are missing. */
    static Map<String, Watermark> load(final Connection connection, final Collection<String> streams)
            throws SQLException {
        final String[] names = streams.toArray(String[]::new);
        try (PreparedStatement insert = connection.prepareStatement(INSERT_MISSING)) {
            insert.setObject(1, names);
            insert.executeUpdate();
        }
        final Map<String, Watermark> watermarks = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setObject(1, names);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    watermarks.put(rows.getString(1), read(rows, 2));
                }
            }
        }
        return watermarks;
    }

    /** Reads a watermark from {@link #READ_COLUMNS}, the first of which is {@code column}. */
    public static Watermark read(final ResultSet row, final int column) throws SQLException {
        return new Watermark(
                new EntryId(row.getLong(column), row.getLong(column + 1)),
                row.getLong(column + 2),
                row.getLong(column + 3),
                row.getLong(column + 4),
                row.getLong(column + 5),
                row.getLong(column + 6));
    }

    /**
     * Binds the parameters of {@link #ADVANCE}, from the first one on.
     *
     * @param before what is in the table, by all that this session knows
     * @param after the new values
     */
    static void bindAdvance(
            final PreparedStatement statement, final Map<String, Watermark> before, final Map<String, Watermark> after)
            throws SQLException {
        final String[] streams = new String[after.size()];
        final long[][] columns = new long[COLUMNS][after.size()];
        int i = 0;
        for (final Map.Entry<String, Watermark> moved : after.entrySet()) {
            final Watermark next = moved.getValue();
            final Watermark last = before.get(moved.getKey());
            streams[i] = moved.getKey();
            columns[0][i] = next.entry().generation();
            columns[1][i] = next.entry().sequence();
            columns[2][i] = next.lastEvent();
            columns[3][i] = next.counted();
            columns[4][i] = next.duplicates();
            columns[5][i] = next.poisoned();
            columns[6][i] = next.lost();
            columns[7][i] = last.entry().generation();
            columns[8][i] = last.entry().sequence();
            columns[9][i] = last.lastEvent();
            i++;
        }
        statement.setObject(1, streams);
        for (int column = 0; column < COLUMNS; column++) {
            statement.setObject(2 + column, columns[column]);
        }
    }
}
