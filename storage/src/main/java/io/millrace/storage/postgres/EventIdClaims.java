package io.millrace.storage.postgres;

import io.millrace.pipeline.window.ByteDictionary;
import io.millrace.pipeline.window.IdentifiedEvents;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;

/**
 * Finds out which events of a flush were counted before, and claims the ids of the others, in the flush's transaction.
 *
 * <p>An id that a closed slice holds is a duplicate. The rest is inserted into the open slice, in the order of the ids: two
 * flushes with ids in common wait for one another there, before they lock anything else, and cannot deadlock. The one that
 * waited finds a duplicate if the other committed, and claims the id if it did not.
 *
 * <p>Not thread-safe; belongs to one session.
 */
final class EventIdClaims {
    private static final String STAGING = "millrace_ids";
    private static final String CREATE_STAGING =
            "CREATE TEMPORARY TABLE " + STAGING + " (number int NOT NULL, id bytea NOT NULL) ON COMMIT DELETE ROWS";
    private static final String COPY_IDS = "COPY " + STAGING + " (number, id) FROM STDIN (FORMAT binary)";

    // The subqueries are not turned into joins: a look into the index for each id, however large a slice has grown.
    private static final String CLAIM = """
            WITH claimed AS (
              INSERT INTO %s (id) SELECT c.id FROM millrace_ids c WHERE true%s ORDER BY c.id
              ON CONFLICT (id) DO NOTHING RETURNING id)
            SELECT c.number FROM millrace_ids c LEFT JOIN claimed USING (id) WHERE claimed.id IS NULL""";

    private static final String NOT_IN = " AND (SELECT true FROM %s s WHERE s.id = c.id) IS NULL";

    private static final int FETCH_ROWS = 20_000;

    private final Connection connection;
    private final TableCopy copy;
    private final EventIdSlices slices;
    private boolean isStaged;
    private EventIdSlices.Live live;
    private PreparedStatement claim;

    EventIdClaims(final Connection connection, final TableCopy copy, final EventIdSlices slices) {
        this.connection = connection;
        this.copy = copy;
        this.slices = slices;
    }

    /** To be called before the first transaction that claims. A session that claims nothing has no use for the table. */
    void prepare(final long nowNanos) throws SQLException {
        slices.prepare(nowNanos);
        if (!isStaged) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(CREATE_STAGING);
            }
            isStaged = true;
        }
    }

    /** Claims the ids of the events; returns the numbers of those whose ids are somebody else's. */
    BitSet claim(final IdentifiedEvents events) throws SQLException {
        final BitSet duplicates = new BitSet();
        if (events.size() == 0) {
            return duplicates;
        }
        useSlices(slices.lock());
        copyIds(events);
        try (ResultSet rows = claim.executeQuery()) {
            while (rows.next()) {
                duplicates.set(rows.getInt(1));
            }
        }
        return duplicates;
    }

    /** Gives up some of the ids claimed in this transaction. */
    void release(final BitSet numbers) throws SQLException {
        if (numbers.isEmpty()) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM " + EventIdSlices.table(live.open())
                + " s USING " + STAGING + " c WHERE s.id = c.id AND c.number = ANY (?)")) {
            delete.setObject(1, numbers.stream().toArray());
            delete.executeUpdate();
        }
    }

    private void useSlices(final EventIdSlices.Live locked) throws SQLException {
        if (locked.equals(live)) {
            return;
        }
        if (claim != null) {
            claim.close();
        }
        final StringBuilder conditions = new StringBuilder();
        locked.closed().forEach(slice -> conditions.append(NOT_IN.formatted(EventIdSlices.table(slice))));
        claim = connection.prepareStatement(CLAIM.formatted(EventIdSlices.table(locked.open()), conditions));
        claim.setFetchSize(FETCH_ROWS);
        live = locked;
    }

    private void copyIds(final IdentifiedEvents events) throws SQLException {
        final ByteDictionary ids = events.ids();
        copy.copy(COPY_IDS, writer -> {
            final int count = ids.size();
            for (int number = 0; number < count; number++) {
                writer.startRow(2);
                writer.putInt(number);
                writer.putBytes(ids.bytes(), ids.offset(number), ids.length(number));
            }
            return count;
        });
    }
}
