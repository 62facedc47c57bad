package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Ends of a flush that is held where it writes a certain table: a trigger there waits for a row that another session has. */
final class HeldFlushFaults {
    private static final String SERIALIZATION_FAILURE = "(SQLSTATE 40001)";

    private HeldFlushFaults() {}

    /**
     * PostgreSQL itself ends a flush with SQLSTATE 40001. An aggregator sets READ COMMITTED for its session, whatever the database
     * says, and there one case is left: it waits for a row that another transaction then moves to another partition.
     */
    static boolean serialization(final Stage stage) throws Exception {
        final long failures = stage.server().timesLogged(SERIALIZATION_FAILURE);
        return held(stage, "UPDATE ON stream_watermarks", session -> {
                    session.commit();
                    return true;
                })
                && stage.server().timesLogged(SERIALIZATION_FAILURE) > failures;
    }

    /** The owner's backend is terminated between two rows of a COPY. */
    static boolean copy(final Stage stage) throws Exception {
        return held(stage, "INSERT ON user_event_maps", session -> {
            final long terminated = stage.postgres()
                    .number("SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_progress_copy"
                            + " WHERE datname = current_database() AND command = 'COPY FROM'");
            session.rollback();
            return terminated > 0;
        });
    }

    /** Holds a flush up before this event on a table; tells whether what is done then was, and the server felt it. */
    private static boolean held(final Stage stage, final String event, final Release release) throws Exception {
        final long before = stage.server().admin().troubles();
        stage.postgres()
                .execute(
                        "CREATE TABLE held (part int) PARTITION BY LIST (part)",
                        "CREATE TABLE held_1 PARTITION OF held FOR VALUES IN (1)",
                        "CREATE TABLE held_2 PARTITION OF held FOR VALUES IN (2)",
                        "INSERT INTO held VALUES (1)",
                        "CREATE FUNCTION wait_for_held() RETURNS trigger LANGUAGE plpgsql AS"
                                + " $$ BEGIN PERFORM 1 FROM held FOR UPDATE; RETURN NEW; END $$");
        final boolean done;
        try (Connection session = stage.postgres().connect();
                Statement statement = session.createStatement()) {
            session.setAutoCommit(false);
            statement.execute("UPDATE held SET part = 2");
            stage.postgres()
                    .execute("CREATE TRIGGER wait_for_held BEFORE " + event
                            + " FOR EACH ROW EXECUTE FUNCTION wait_for_held()");
            PostgresFaults.awaitLocked(stage);
            done = release.by(session);
        }
        final boolean felt = PostgresFaults.recovered(stage, before);
        stage.postgres().execute("DROP FUNCTION wait_for_held CASCADE", "DROP TABLE held");
        return done && felt;
    }

    /** Ends the wait by what is done in the session that has the row. */
    @FunctionalInterface
    private interface Release {
        boolean by(Connection session) throws SQLException;
    }
}
