package io.millrace.storage.postgres;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.window.ByteDictionary;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.GroupTable;
import io.millrace.pipeline.window.IdentifiedEvents;
import io.millrace.pipeline.window.RefusalHandler;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes what PostgreSQL takes of a batch, within one transaction, and finds what it refuses: a part that is refused is
 * rolled back to its savepoint and cut in two, down to the events of one user in one group. These are equal to PostgreSQL,
 * which sees of them only what they have in common: it refuses all of them or none.
 *
 * <p>Parts lock rows in an order of their own. Two servers that do this at the same time may deadlock; PostgreSQL then ends
 * one of the transactions, which is tried again.
 *
 * <p>Not thread-safe; one object a flush.
 */
final class PiecewiseFlush {
    private static final String SAVEPOINT = "SAVEPOINT millrace_part";
    private static final String RELEASE = "RELEASE SAVEPOINT millrace_part";
    private static final String ROLL_BACK = "ROLLBACK TO SAVEPOINT millrace_part; " + RELEASE;

    private final Connection connection;
    private final FlushTransaction flush;
    private final FlushBatch batch;
    private final GroupTable groups;
    private final GroupTable part;

    /** The reason for each entry of the groups that was refused. */
    private final Map<Integer, String> refused = new TreeMap<>();

    PiecewiseFlush(final Connection connection, final FlushTransaction flush, final FlushBatch batch) {
        this.connection = connection;
        this.flush = flush;
        this.batch = batch;
        groups = batch.groups();
        part = groups.newTable();
    }

    /** Writes the groups; what is refused is remembered. */
    void write() throws SQLException {
        // A constraint that is checked at the commit would refuse the whole transaction then.
        execute("SET CONSTRAINTS ALL IMMEDIATE");
        write(0, groups.entryCount());
    }

    /** The number of events that were refused. */
    long refusedEvents() {
        return refused.keySet().stream().mapToLong(groups::entryEvents).sum();
    }

    /**
     * Hands over the events that were refused: those with an id as they are, of the others one for all that are equal, at
     * the start of its window.
     *
     * @return the numbers of the identified events among them
     */
    BitSet handOver(final RefusalHandler refusals) throws StreamException {
        final IdentifiedEvents identified = batch.identified();
        final BitSet numbers = new BitSet();
        final Map<Integer, Long> left = new TreeMap<>();
        refused.keySet().forEach(entry -> left.put(entry, (long) groups.entryEvents(entry)));
        for (int number = 0, count = identified.size(); number < count; number++) {
            final int entry = identified.entry(number);
            final String reason = refused.get(entry);
            if (reason != null) {
                final EventFlyweight event = identified.event(number);
                refusals.onRefused(event.buffer(), event.offset(), event.length(), 1, reason);
                left.merge(entry, -1L, Long::sum);
                numbers.set(number);
            }
        }
        final UnsafeBuffer event = new UnsafeBuffer(new byte[EventLayout.MAX_LENGTH]);
        for (final Map.Entry<Integer, Long> of : left.entrySet()) {
            if (of.getValue() > 0) {
                final int length = encode(of.getKey(), event);
                refusals.onRefused(event, 0, length, of.getValue(), refused.get(of.getKey()));
            }
        }
        return numbers;
    }

    private void write(final int from, final int to) throws SQLException {
        if (from == to) {
            return;
        }
        execute(SAVEPOINT);
        try {
            part.clear();
            part.add(groups, from, to);
            flush.writePart(part);
            execute(RELEASE);
        } catch (final SQLException e) {
            if (!SqlErrors.isRefusal(e)) {
                throw e;
            }
            execute(ROLL_BACK);
            if (to - from == 1) {
                refused.put(from, SqlErrors.describe(e));
                return;
            }
            final int middle = (from + to) >>> 1;
            write(from, middle);
            write(middle, to);
        }
    }

    private int encode(final int entry, final UnsafeBuffer event) {
        final int group = groups.entryGroup(entry);
        final ByteDictionary labels = groups.labels();
        final ByteDictionary users = groups.users();
        final int user = groups.entryUser(entry);
        final int action = groups.action(group);
        final int element = groups.element(group);
        final int length = EventLayout.putHeader(
                event,
                0,
                groups.windowStartMillis(group),
                users.length(user),
                labels.length(action),
                labels.length(element),
                0);
        int offset = EventLayout.HEADER_LENGTH;
        event.putBytes(offset, users.bytes(), users.offset(user), users.length(user));
        offset += users.length(user);
        event.putBytes(offset, labels.bytes(), labels.offset(action), labels.length(action));
        offset += labels.length(action);
        event.putBytes(offset, labels.bytes(), labels.offset(element), labels.length(element));
        return length;
    }

    private void execute(final String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
