package io.millrace.bench.evolution;

import io.millrace.bench.load.EventShape;
import io.millrace.bench.load.Form;
import io.millrace.bench.load.Load;
import io.millrace.bench.load.LoadCounter;
import io.millrace.bench.load.LoadListener;
import io.millrace.bench.load.LoadPlan;
import io.millrace.bench.load.LoadResult;
import io.millrace.bench.load.RequestShape;
import io.millrace.bench.load.Target;
import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.Stage;
import io.millrace.bench.process.StageTimes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One version on an empty folder, level after level; what a level sent is waited for before the next one begins. */
final class EvolutionRun {
    private static final long POLL_MILLIS = 50;
    private static final EventShape EVENTS = EventShape.DEFAULTS;

    private final Version version;
    private final Path jar;
    private final Path folder;
    private final Duration patience;
    private final PrintWriter progress;

    /**
     * @param jar of Millrace
     * @param patience how long after a load its events are waited for
     */
    EvolutionRun(
            final Version version,
            final Path jar,
            final Path folder,
            final Duration patience,
            final PrintWriter progress) {
        this.version = version;
        this.jar = jar;
        this.folder = folder;
        this.patience = patience;
        this.progress = progress;
    }

    /** Runs the levels, one after the other. */
    List<Outcome> run(final List<Level> levels) throws Exception {
        final List<Outcome> outcomes = new ArrayList<>();
        try (ServiceProcess service = start();
                Connection database = service.connect();
                Statement statement = database.createStatement()) {
            for (final Level level : levels) {
                outcomes.add(run(level, service, statement));
            }
        }
        return outcomes;
    }

    private ServiceProcess start() throws Exception {
        return version == Version.V5
                ? ServiceProcess.startMillrace(jar, folder, List.of())
                : ServiceProcess.startTool(
                        folder,
                        List.of("predecessor", "--version=" + version.name().toLowerCase(Locale.ROOT)));
    }

    private Outcome run(final Level level, final ServiceProcess service, final Statement statement)
            throws SQLException, java.io.IOException, InterruptedException {
        progress.printf("%s, %s%n", version, level.label());
        progress.flush();
        final long storedBefore = number(statement, version.counted());
        final long sequenceBefore = number(statement, version.stored());
        final long rowsBefore = number(statement, version.rows());
        final long bytesBefore = number(statement, version.bytes());
        final StageTimes timesBefore = StageTimes.of(service.pid());
        final long startNanos = System.nanoTime();
        final LoadResult load = Load.run(
                new LoadPlan(Target.of(service.ingest()), RequestShape.of(Form.JSON, 1), EVENTS, level.pace()),
                LoadListener.NONE);
        final long accepted = load.measured(LoadCounter.EVENTS_ACCEPTED);
        final long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (number(statement, version.stored()) - sequenceBefore < accepted
                && System.nanoTime() - deadlineNanos < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        final long endNanos = System.nanoTime();
        final StageTimes times = StageTimes.of(service.pid()).minus(timesBefore);
        return new Outcome(
                version,
                level,
                load.eventsPerSecond(),
                load.latencyNanos().getMean() / 1e6,
                load.latencyNanos().getValueAtPercentile(99) / 1e6,
                accepted,
                load.failures() + load.measured(LoadCounter.EVENTS_REFUSED),
                counted(statement, storedBefore, accepted, deadlineNanos),
                (endNanos - startNanos) / 1e9,
                number(statement, version.rows()) - rowsBefore,
                number(statement, version.bytes()) - bytesBefore,
                times.serverNanos(),
                times.nanos(Stage.REDIS),
                times.nanos(Stage.POSTGRES));
    }

    /** A sequence is ahead of the commits by those that are under way: counts until they are there. */
    private long counted(final Statement statement, final long before, final long accepted, final long deadlineNanos)
            throws SQLException, InterruptedException {
        long stored = number(statement, version.counted()) - before;
        while (stored < accepted
                && number(statement, version.stored()) - before >= accepted
                && System.nanoTime() - deadlineNanos < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            stored = number(statement, version.counted()) - before;
        }
        return stored;
    }

    private static long number(final Statement statement, final String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
