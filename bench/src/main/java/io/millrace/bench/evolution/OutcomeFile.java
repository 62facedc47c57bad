package io.millrace.bench.evolution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Outcomes in a file of comma-separated values, so that a run that takes long can be gone on with. */
final class OutcomeFile {
    private static final String HEAD =
            "version,connections,requests,seconds,accepted_per_second,mean_ms,p99_ms,accepted,failures,stored,stored_seconds,"
                    + "rows,bytes,service_ns,redis_ns,postgres_ns";
    private static final int COLUMNS = HEAD.split(",", -1).length;

    private OutcomeFile() {}

    /** Adds outcomes to the end; makes the file if there is none. */
    static void append(final Path file, final List<Outcome> outcomes) throws IOException {
        final List<String> lines = new ArrayList<>();
        if (!Files.exists(file)) {
            lines.add(HEAD);
        }
        outcomes.forEach(outcome -> lines.add(line(outcome)));
        Files.write(file, lines, UTF_8, CREATE, APPEND);
    }

    private static String line(final Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "%s,%d,%d,%d,%.1f,%.3f,%.3f,%d,%d,%d,%.3f,%d,%d,%d,%d,%d",
                outcome.version(),
                outcome.level().connections(),
                outcome.level().requests(),
                outcome.level().duration().toSeconds(),
                outcome.acceptedPerSecond(),
                outcome.meanMillis(),
                outcome.p99Millis(),
                outcome.accepted(),
                outcome.failures(),
                outcome.stored(),
                outcome.storedSeconds(),
                outcome.rows(),
                outcome.bytes(),
                outcome.serviceNanos(),
                outcome.redisNanos(),
                outcome.postgresNanos());
    }

    /**
     * What stands in a file; nothing if there is none.
     *
     * @throws IllegalArgumentException if it is no such file
     */
    static List<Outcome> read(final Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        final List<String> lines = Files.readAllLines(file, UTF_8);
        if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
            throw new IllegalArgumentException("its first line is not '" + HEAD + "'");
        }
        return lines.stream().skip(1).map(OutcomeFile::parse).toList();
    }

    private static Outcome parse(final String line) {
        final String[] values = line.split(",", -1);
        if (values.length != COLUMNS) {
            throw new IllegalArgumentException("not " + COLUMNS + " values: " + line);
        }
        int at = 0;
        return new Outcome(
                Version.valueOf(values[at++]),
                new Level(
                        Integer.parseInt(values[at++]),
                        Long.parseLong(values[at++]),
                        Duration.ofSeconds(Long.parseLong(values[at++]))),
                Double.parseDouble(values[at++]),
                Double.parseDouble(values[at++]),
                Double.parseDouble(values[at++]),
                Long.parseLong(values[at++]),
                Long.parseLong(values[at++]),
                Long.parseLong(values[at++]),
                Double.parseDouble(values[at++]),
                Long.parseLong(values[at++]),
                Long.parseLong(values[at++]),
                Long.parseLong(values[at++]),
                Long.parseLong(values[at++]),
                Long.parseLong(values[at]));
    }
}
