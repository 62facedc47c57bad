package io.millrace.bench.day;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.load.EventShape;
import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.Stage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
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

            statement.execute("""
                    UPDATE aggregated_events SET count = count + 1
                    WHERE (action, element) = ('click', 'btn-100')
                      AND window_start = (SELECT min(window_start) FROM aggregated_events)""");
            statement.execute("UPDATE user_event_maps SET user_ids[1] = 'nobody' WHERE ctid ="
                    + " (SELECT min(ctid) FROM user_event_maps)");
            final DayAudit.Verdict wrong = run.audit().compare(database);

            // One group too large; one user unknown, and another with too few.
            assertThat(wrong.differences()).isEqualTo(3);
            assertThat(wrong.examples()).anyMatch(each -> each.contains("click btn-100"));
            assertThat(wrong.examples()).anyMatch(each -> each.contains("nobody: sent 0"));
        }
    }
}
