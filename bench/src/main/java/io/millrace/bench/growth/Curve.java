package io.millrace.bench.growth;

import io.millrace.bench.load.AckLevel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What grows, and its values. */
enum Curve {
    BATCH("lines in a request"),
    CONNECTIONS("connections"),
    USERS("users, drawn evenly"),
    ELEMENTS("elements, drawn evenly"),
    LOOPS("event loops, single events"),
    LOOPS_BATCH("event loops, requests of 200"),
    ACK("acknowledgement level"),
    JOURNAL("journal of an event loop"),
    WINDOW("window, time of receipt"),
    WINDOW_SPREAD("window, timestamps of the last hour"),
    FLUSH("flush interval");

    private static final int CONNECTIONS_OF_BATCHES = 32;
    /** Of loads whose events nearly all become rows of their own: PostgreSQL takes a hundred times as long for them. */
    private static final Duration MANY_ROWS = Duration.ofMillis(200);

    private final String title;

    Curve(final String title) {
        this.title = title;
    }

    /** Of the axis. */
    String title() {
        return title;
    }

    /** In the order of their values. */
    List<Point> points() {
        return switch (this) {
            case BATCH -> batches();
            case CONNECTIONS -> connections();
            case USERS -> users();
            case ELEMENTS -> elements();
            case LOOPS -> loops(Point::single);
            case LOOPS_BATCH -> loops(Point::batch);
            case ACK -> levels();
            case JOURNAL -> journals();
            case WINDOW -> windows();
            case WINDOW_SPREAD -> spreadWindows();
            case FLUSH -> flushes();
        };
    }

    /** As it is called by the option, and its files. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Curve of(final String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static List<Point> batches() {
        return IntStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
                .mapToObj(batch -> Point.batch(Integer.toString(batch))
                        .withBatch(batch)
                        .withConnections(CONNECTIONS_OF_BATCHES, 1))
                .toList();
    }

    private static List<Point> connections() {
        return IntStream.of(1, 4, 16, 64, 256, 1000, 4000, 10_000)
                // Those of the point before may not all be closed yet.
                .mapToObj(number -> Point.single(Integer.toString(number))
                        .withServer("--max-connections=30000")
                        .withConnections(number, 1))
                .toList();
    }

    private static List<Point> users() {
        return IntStream.of(100, 1000, 10_000, 100_000, 1_000_000)
                .mapToObj(number -> Point.batch(Integer.toString(number)).withEven(number, 50))
                .toList();
    }

    private static List<Point> elements() {
        return IntStream.of(10, 100, 1000, 10_000, 100_000)
                .mapToObj(number -> Point.batch(Integer.toString(number)).withEven(10_000, number))
                .map(point -> point.events().elements() >= 100_000 ? point.withMostDuration(MANY_ROWS) : point)
                .toList();
    }

    private static List<Point> loops(final Function<String, Point> load) {
        return IntStream.of(1, 2)
                .mapToObj(number -> load.apply(Integer.toString(number)).withServer("--event-loops=" + number))
                .toList();
    }

    private static List<Point> levels() {
        return Arrays.stream(AckLevel.values())
                .map(level -> Point.single(level.word()).withAck(level).withConnections(64, 16))
                .toList();
    }

    private static List<Point> journals() {
        return IntStream.of(256, 4 * 1024, 64 * 1024, 1024 * 1024)
                .mapToObj(kib -> kib < 1024 ? kib + "KiB" : kib < 1024 * 1024 ? kib / 1024 + "MiB" : "1GiB")
                // A body may take an eighth of the journal, and the server sees to it that the largest does not.
                .map(size -> Point.batch(size).withServer("--journal-size=" + size, "--max-body=24KiB"))
                .toList();
    }

    private static List<Point> windows() {
        return List.of("1s", "10s", "5m", "1h").stream()
                .map(size -> Point.batch(size).withServer("--window=" + size))
                .toList();
    }

    private static List<Point> spreadWindows() {
        return windows().stream()
                .map(point -> point.withSpread(Duration.ofHours(1)).withMostDuration(MANY_ROWS))
                .toList();
    }

    private static List<Point> flushes() {
        return IntStream.of(100, 300, 1000, 3000)
                .mapToObj(millis -> Point.batch(millis < 1000 ? millis + "ms" : millis / 1000 + "s")
                        .withServer("--flush=" + millis + "ms")
                        .withLeastDuration(Duration.ofMillis(2L * millis)))
                .toList();
    }
}
