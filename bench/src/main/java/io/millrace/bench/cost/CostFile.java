package io.millrace.bench.cost;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.bench.process.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Costs in a file that a later run compares itself with: a line for each load and stage, {@code PIXEL EVENT_LOOP 4321.0}, in
 * nanoseconds per event.
 */
final class CostFile {
    private static final Pattern LINE = Pattern.compile("([A-Z_]+) ([A-Z_]+) ([0-9]+\\.[0-9]+)");

    private CostFile() {}

    static void write(final Path file, final Map<CostLoad, Map<Stage, Double>> costs) throws IOException {
        final List<String> lines = new ArrayList<>();
        costs.forEach((load, stages) -> stages.forEach(
                (stage, nanos) -> lines.add(String.format(Locale.ROOT, "%s %s %.1f", load, stage, nanos))));
        Files.write(file, lines, UTF_8);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is no such file
     */
    static Map<CostLoad, Map<Stage, Double>> read(final Path file) throws IOException {
        final Map<CostLoad, Map<Stage, Double>> costs = new EnumMap<>(CostLoad.class);
        for (final String line : Files.readAllLines(file, UTF_8)) {
            final Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new IllegalArgumentException("no load, stage and number: " + line);
            }
            costs.computeIfAbsent(CostLoad.valueOf(parts.group(1)), load -> new EnumMap<>(Stage.class))
                    .put(Stage.valueOf(parts.group(2)), Double.valueOf(parts.group(3)));
        }
        return costs;
    }
}
