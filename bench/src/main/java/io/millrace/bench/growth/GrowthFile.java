package io.millrace.bench.growth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.bench.process.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A curve's data as comma-separated values, for whoever wants to plot or to compare them. */
final class GrowthFile {
    private GrowthFile() {}

    static void write(final Path file, final Curve curve, final List<Measured> points) throws IOException {
        final List<String> lines = new ArrayList<>();
        final StringBuilder head = new StringBuilder(
                "value,accepted_per_second,stored_per_second,events,refused,load_seconds,stored_seconds,p50_ms,p99_ms,balanced");
        for (final Stage stage : Stage.values()) {
            head.append(',').append(word(stage)).append("_ns_per_event");
        }
        for (final Stage stage : Stage.values()) {
            head.append(',').append(word(stage)).append("_processors_under_load");
        }
        head.append(",blocks,block_bytes,flushes,flush_seconds,flushed_groups,flushed_users");
        lines.add("# " + curve.title());
        lines.add(head.toString());
        points.forEach(point -> lines.add(line(point)));
        Files.write(file, lines, UTF_8);
    }

    private static String word(final Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    private static String line(final Measured point) {
        final StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%s,%.0f,%.0f,%d,%d,%.3f,%.3f,%.3f,%.3f,%s",
                point.label(),
                point.acceptedPerSecond(),
                point.storedPerSecond(),
                point.accepted(),
                point.refused(),
                point.seconds(),
                point.storedSeconds(),
                point.p50Millis(),
                point.p99Millis(),
                point.balanced()));
        append(line, point.nanosPerEvent(), ",%.1f");
        append(line, point.busy(), ",%.3f");
        final Work work = point.work();
        return line.append(String.format(
                        Locale.ROOT,
                        ",%d,%d,%d,%.3f,%d,%d",
                        work.blocks(),
                        work.blockBytes(),
                        work.flushes(),
                        work.flushNanos() / 1e9,
                        work.groups(),
                        work.users()))
                .toString();
    }

    private static void append(final StringBuilder line, final Map<Stage, Double> stages, final String format) {
        for (final Stage stage : Stage.values()) {
            line.append(String.format(Locale.ROOT, format, stages.get(stage)));
        }
    }
}
