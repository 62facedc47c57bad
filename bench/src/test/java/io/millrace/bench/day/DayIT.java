package io.millrace.bench.day;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.load.EventShape;
import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.Stage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A small day against a real server, whose comparison must see what is wrong. */
@Timeout(600)
class DayIT {
    private static final Path JAR = Path.of("..", "server", "target", "millrace.jar");
    private static final long EVENTS = 200_000;

    @TempDir
    private Path folder;

    @Test
    void shouldFindEveryCountAndEveryError() throws Exception {
        final Duration window = Duration.ofSeconds(2);
        try (ServiceProcess server = ServiceProcess.startMillrace(JAR, folder, List.of("--window=2s"));
                Connection database = server.connect();
                Statement statement = database.createStatement()) {
            final StringWriter table = new StringWriter();
            final DayRun run = new DayRun(
                    server, EventShape.DEFAULTS, window, EVENTS, Duration.ofMinutes(2), new PrintWriter(table));
            final DayResult result = run.run();
            new DayTable(result, new PrintWriter(table)).print(EventShape.DEFAULTS);

            assertThat(result.clean()).as(table.toString()).isTrue();
            assertThat(result.verdict().groups()).isGreaterThanOrEqualTo(150);
            assertThat(result.verdict().users()).isGreaterThanOrEqualTo(EventShape.DEFAULTS.users() / 2);
            assertThat(result.times().nanos(Stage.EVENT_LOOP)).isPositive();
            assertThat(result.times().nanos(Stage.GENERATOR)).isPositive();
            assertThat(result.memory().server()).isPositive();
            assertThat(result.memory().redis()).isPositive();
            assertThat(result.memory().postgres()).isPositive();
            assertThat(result.tableBytes()).isPositive();
            assertThat(table.toString()).contains("200,000 in requests of 200", ": 0 differ");

            // Any group will do: which elements the first window has depends on when in it the day began.
            final String group = only(statement, """
                    UPDATE aggregated_events SET count = count + 1 WHERE id = (SELECT min(id) FROM aggregated_events)
                    RETURNING action || ' ' || element""");
            only(statement, """
                    UPDATE user_event_maps SET user_ids[1] = 'nobody'
                    WHERE (tableoid, ctid) = (SELECT tableoid, ctid FROM user_event_maps LIMIT 1)
                    RETURNING user_ids[1]""");
            final DayAudit.Verdict wrong = run.audit().compare(database);

            // One group too large; one user unknown, and another with too few.
            assertThat(wrong.differences()).isEqualTo(3);
            assertThat(wrong.examples()).anyMatch(each -> each.contains(group));
            assertThat(wrong.examples()).anyMatch(each -> each.contains("nobody: sent 0"));
        }
    }

    /** What one row says. */
    private static String only(final Statement statement, final String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            final String text = row.getString(1);
            assertThat(row.next()).as("a second row").isFalse();
            return text;
        }
    }
}
