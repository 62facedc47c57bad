package io.millrace.storage.postgres.query;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code EXPLAIN (ANALYZE)} said of a query.
 *
 * @param lines its text
 */
record QueryPlan(List<String> lines) {
    /** A node that reads a table; the index of a bitmap counts with its table. */
    private static final Pattern SCAN = Pattern.compile(
            "(?:Seq|(?<!Bitmap )Index|Index Only|Bitmap Heap) Scan(?: Backward)?(?: using \\S+)? on (\\w+)");

    private static final Pattern ACTUAL = Pattern.compile("actual rows=(\\d+)(?:\\.\\d+)? loops=(\\d+)");
    private static final Pattern REMOVED = Pattern.compile("Rows Removed by (?:Filter|Index Recheck): (\\d+)");
    private static final Pattern TIME = Pattern.compile("Execution Time: ([0-9.]+) ms");

    QueryPlan {
        lines = List.copyOf(lines);
    }

    /** The tables that rows were looked for in. */
    Set<String> tables() {
        final Set<String> tables = new TreeSet<>();
        for (final String line : lines) {
            final Matcher scan = SCAN.matcher(line);
            if (scan.find() && !line.contains("never executed")) {
                tables.add(scan.group(1));
            }
        }
        return tables;
    }

    /** How many rows were read from tables, whether they were wanted or not. */
    long rowsRead() {
        long rows = 0;
        long loops = 0;
        for (final String line : lines) {
            final Matcher actual = ACTUAL.matcher(line);
            if (actual.find()) {
                loops = SCAN.matcher(line).find() ? Long.parseLong(actual.group(2)) : 0;
                rows += loops * Long.parseLong(actual.group(1));
            }
            final Matcher removed = REMOVED.matcher(line);
            if (removed.find()) {
                rows += loops * Long.parseLong(removed.group(1));
            }
        }
        return rows;
    }

    /** How long it took, in milliseconds; for people. */
    double millis() {
        return lines.stream()
                .map(TIME::matcher)
                .filter(Matcher::find)
                .mapToDouble(time -> Double.parseDouble(time.group(1)))
                .findFirst()
                .orElseThrow();
    }
}
