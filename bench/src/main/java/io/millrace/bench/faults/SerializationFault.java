package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Stage;
import java.sql.Connection;
import java.sql.Statement;

/**
 * A flush that PostgreSQL itself ends with SQLSTATE 40001. An aggregator sets READ COMMITTED for its session, whatever the database
 * says, and there one case is left: it waits for a row that another transaction then moves to another partition. No table that it
 * locks rows of is partitioned by what can change; so an operator's trigger on the watermarks locks such a row.
 */
final class SerializationFault {
    private static final String STATE = "(SQLSTATE 40001)";

    private SerializationFault() {}

    static boolean strike(final Stage stage) throws Exception {
        final long before = stage.server().admin().troubles();
        final long failures = stage.server().timesLogged(STATE);
        stage.postgres()
                .execute(
                        "CREATE TABLE moving (part int) PARTITION BY LIST (part)",
                        "CREATE TABLE moving_1 PARTITION OF moving FOR VALUES IN (1)",
                        "CREATE TABLE moving_2 PARTITION OF moving FOR VALUES IN (2)",
                        "INSERT INTO moving VALUES (1)",
                        "CREATE FUNCTION lock_moving() RETURNS trigger LANGUAGE plpgsql AS"
                                + " $$ BEGIN PERFORM 1 FROM moving FOR UPDATE; RETURN NEW; END $$");
        try (Connection connection = stage.postgres().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE moving SET part = 2");
            stage.postgres()
                    .execute("CREATE TRIGGER lock_moving BEFORE UPDATE ON stream_watermarks FOR EACH ROW"
                            + " EXECUTE FUNCTION lock_moving()");
            PostgresFaults.awaitLocked(stage);
            connection.commit();
        }
        final boolean bit =
                PostgresFaults.recovered(stage, before) && stage.server().timesLogged(STATE) > failures;
        stage.postgres()
                .execute(
                        "DROP TRIGGER lock_moving ON stream_watermarks",
                        "DROP FUNCTION lock_moving",
                        "DROP TABLE moving");
        return bit;
    }
}
