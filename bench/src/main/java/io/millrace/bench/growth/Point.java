package io.millrace.bench.growth;

import io.millrace.bench.load.AckLevel;
import io.millrace.bench.load.EventShape;
import io.millrace.bench.load.Form;
import io.millrace.bench.load.LoadPlan;
import io.millrace.bench.load.Pace;
import io.millrace.bench.load.RequestShape;
import io.millrace.bench.load.Target;
import io.millrace.bench.load.Timestamps;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One value of what grows, with all that stays: a server and a load in a closed loop.
 *
 * @param label the value as it stands on the axis
 * @param server options of {@code millrace run}; points that follow one another with the same ones share a server
 * @param leastDuration of the load, for what would not show in a shorter one
 * @param mostDuration of the load and of its warm-ups, for what would take minutes to be stored
 */
record Point(
        String label,
        List<String> server,
        RequestShape requests,
        EventShape events,
        int connections,
        int pipeline,
        Duration leastDuration,
        Duration mostDuration) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration ANY_DURATION = Duration.ofDays(1);
    private static final int BATCH = 200;
    private static final int BATCH_CONNECTIONS = 8;
    private static final int SINGLE_CONNECTIONS = 64;

    /** Single events, a request at a time on each of 64 connections. */
    static Point single(final String label) {
        return new Point(
                label,
                List.of(),
                RequestShape.of(Form.JSON, 1),
                EventShape.DEFAULTS,
                SINGLE_CONNECTIONS,
                1,
                Duration.ZERO,
                ANY_DURATION);
    }

    /** Lines in requests of 200, one at a time on each of 8 connections. */
    static Point batch(final String label) {
        return new Point(
                label,
                List.of(),
                RequestShape.of(Form.NDJSON, BATCH),
                EventShape.DEFAULTS,
                BATCH_CONNECTIONS,
                1,
                Duration.ZERO,
                ANY_DURATION);
    }

    Point withServer(final String... options) {
        return new Point(label, List.of(options), requests, events, connections, pipeline, leastDuration, mostDuration);
    }

    Point withBatch(final int batch) {
        final RequestShape shape = new RequestShape(requests.form(), batch, requests.ack());
        return new Point(label, server, shape, events, connections, pipeline, leastDuration, mostDuration);
    }

    Point withAck(final AckLevel level) {
        final RequestShape shape = new RequestShape(requests.form(), requests.batch(), Optional.of(level));
        return new Point(label, server, shape, events, connections, pipeline, leastDuration, mostDuration);
    }

    Point withConnections(final int number, final int depth) {
        return new Point(label, server, requests, events, number, depth, leastDuration, mostDuration);
    }

    /** With so many users and elements, drawn evenly: a short load too has all of them. */
    Point withEven(final int users, final int elements) {
        final EventShape shape = new EventShape(
                users,
                elements,
                events.actions(),
                0,
                events.seed(),
                false,
                events.userPrefix(),
                false,
                events.timestamps(),
                events.span());
        return new Point(label, server, requests, shape, connections, pipeline, leastDuration, mostDuration);
    }

    /** With timestamps all over the time before. */
    Point withSpread(final Duration span) {
        final EventShape shape = events.withTimestamps(Timestamps.SPREAD, span);
        return new Point(label, server, requests, shape, connections, pipeline, leastDuration, mostDuration);
    }

    Point withLeastDuration(final Duration duration) {
        return new Point(label, server, requests, events, connections, pipeline, duration, mostDuration);
    }

    Point withMostDuration(final Duration duration) {
        return new Point(label, server, requests, events, connections, pipeline, leastDuration, duration);
    }

    /** How long it is measured if so long is asked for. */
    Duration duration(final Duration asked) {
        final Duration most = warmup(asked);
        return most.compareTo(leastDuration) < 0 ? leastDuration : most;
    }

    /** How long its load warms up if so long is asked for. */
    Duration warmup(final Duration asked) {
        return asked.compareTo(mostDuration) > 0 ? mostDuration : asked;
    }

    LoadPlan plan(final InetSocketAddress address, final Duration duration) {
        return new LoadPlan(
                Target.of(address),
                requests,
                events,
                new Pace(0, connections, pipeline, 0, duration, Duration.ZERO, TIMEOUT, Duration.ZERO));
    }
}
