package io.millrace.bench.load;

import io.millrace.bench.tool.Kind;
import io.millrace.bench.tool.Kinds;
import io.millrace.bench.tool.Option;
import io.millrace.bench.tool.OptionException;
import io.millrace.bench.tool.OptionGroup;
import io.millrace.bench.tool.OptionValues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Every option of {@code millrace load}, with its default and its bounds, and how they become a {@link LoadPlan}. */
final class LoadOptions {
    private static final int MAX_RATE = 10_000_000;
    private static final Duration MAX_TIME = Duration.ofHours(24);
    private static final Kind<Path> FILE = Kinds.path("FILE");

    static final Option<Target> URL = Option.of(
            "url",
            "http://127.0.0.1:8080",
            Kinds.text(
                    "URL",
                    Target.SYNTAX,
                    "http://host[:port][/path]; without a path, that of the form is taken",
                    Target::of),
            "The server");
    static final Option<Form> FORM =
            Option.of("form", "pixel", Kinds.choice(Form.class, "NAME"), "How events are written into requests");
    static final Option<Long> BATCH = Option.optional(
            "batch", "100 for array and ndjson", Kinds.count(1, 10_000), "Events in a request, of array and ndjson");
    static final Option<AckLevel> ACK = Option.optional(
            "ack", "the server's", Kinds.choice(AckLevel.class, "LEVEL"), "What must be true before the answer");

    static final Option<Double> RATE = Option.of(
            "rate",
            "0",
            Kinds.decimal(0, MAX_RATE),
            "Requests a second, whether or not the server keeps up; 0: each connection sends the next when it has its"
                    + " answer");
    static final Option<Long> CONNECTIONS =
            Option.of("connections", "64", Kinds.count(1, 20_000), "Connections that are kept open");
    static final Option<Long> PIPELINE = Option.of(
            "pipeline", "1", Kinds.count(1, 1024), "Most requests that a connection has sent and not had answered");
    static final Option<Duration> DURATION =
            Option.of("duration", "10s", time(Duration.ofMillis(100)), "How long to measure");
    static final Option<Long> REQUESTS = Option.optional(
            "requests", "as many as there is time for", Kinds.count(1, 100_000_000_000L), "Requests to measure");
    static final Option<Duration> WARMUP =
            Option.of("warmup", "0s", time(Duration.ZERO), "The same load before, which is not measured");
    static final Option<Duration> TIMEOUT = Option.of(
            "timeout",
            "10s",
            Kinds.time(Duration.ofMillis(100), Duration.ofHours(1)),
            "How long an answer may take from when the request is due");
    static final Option<Duration> SPIN = Option.of(
            "spin",
            "0s",
            Kinds.time(Duration.ZERO, Duration.ofMillis(10)),
            "How long before a request is due to spin instead of to sleep; takes up to a whole core");

    static final Option<Long> USERS =
            Option.of("users", "10000", Kinds.count(1, 10_000_000), "Users, drawn by Zipf's law");
    static final Option<Long> ELEMENTS =
            Option.of("elements", "50", Kinds.count(1, 1_000_000), "Elements, drawn by Zipf's law");
    static final Option<Long> ACTIONS = Option.of("actions", "3", Kinds.count(1, 10_000), "Actions, drawn evenly");
    static final Option<Double> ZIPF = Option.of(
            "zipf", "1.0", Kinds.decimal(0, 10), "The exponent s: the k-th is drawn in proportion to 1/k^s; 0: evenly");
    static final Option<Long> SEED =
            Option.of("seed", "1", Kinds.count(0, 999_999_999_999L), "What all is drawn from: it repeats the events");
    static final Option<Timestamps> TIMESTAMPS = Option.of(
            "timestamps",
            "none",
            Kinds.choice(Timestamps.class, "WHICH"),
            "None: the server's time of receipt. Now: the time of sending. Spread: any time of the span before the"
                    + " start");
    static final Option<Duration> SPAN =
            Option.of("span", "1h", time(Duration.ofMillis(1)), "The span of spread timestamps");
    static final Option<Boolean> EVENT_IDS =
            Option.flag("event-ids", "An id in each event; the same seed repeats them");
    static final Option<Boolean> UNIQUE_USERS =
            Option.flag("unique-users", "A user for each event, named by its number, so that each can be looked for");
    static final Option<String> USER_PREFIX = Option.of(
            "user-prefix",
            "user-",
            Kinds.text(
                    "TEXT",
                    Pattern.compile("[A-Za-z0-9._-]{1,64}"),
                    "1 to 64 letters, digits, dots, hyphens or underscores",
                    text -> text),
            "What users' names begin with");

    static final Option<Path> HGRM = Option.optional(
            "hgrm", "none", FILE, "Writes the distribution of latencies in HdrHistogram's format, in ms");
    static final Option<Path> PLOT = Option.optional(
            "plot",
            "none",
            Kinds.text("FILE", Pattern.compile(".+\\.(svg|png)"), "a path that ends in .svg or .png", Path::of),
            "Draws latency against percentile");
    static final Option<Path> JSON = Option.optional("json", "none", FILE, "Writes the result for machines");

    static final List<OptionGroup> GROUPS = List.of(
            new OptionGroup("Requests", List.of(URL, FORM, BATCH, ACK)),
            new OptionGroup("Pace", List.of(RATE, CONNECTIONS, PIPELINE, DURATION, REQUESTS, WARMUP, TIMEOUT, SPIN)),
            new OptionGroup(
                    "Events",
                    List.of(
                            USERS,
                            ELEMENTS,
                            ACTIONS,
                            ZIPF,
                            SEED,
                            TIMESTAMPS,
                            SPAN,
                            EVENT_IDS,
                            UNIQUE_USERS,
                            USER_PREFIX)),
            new OptionGroup("Output", List.of(HGRM, PLOT, JSON)));

    private static final long DEFAULT_BATCH = 100;

    private LoadOptions() {}

    private static Kind<Duration> time(final Duration min) {
        return Kinds.time(min, MAX_TIME);
    }

    /**
     * Makes the plan.
     *
     * @throws OptionException if an option is wrong, or two do not go together
     */
    static LoadPlan plan(final OptionValues values) {
        final Form form = values.value(FORM);
        final Optional<Long> batch = values.optional(BATCH);
        if (!form.batch() && batch.orElse(1L) > 1) {
            throw new OptionException(values.show(BATCH) + ": " + values.show(FORM)
                    + " has one event in a request: give --form=array or --form=ndjson, or no --batch");
        }
        if (values.optional(REQUESTS).isPresent() && values.optional(DURATION).isPresent()) {
            throw new OptionException(values.show(REQUESTS) + ": and " + values.show(DURATION)
                    + " cannot both say when to end: give one of them");
        }
        final RequestShape requests = new RequestShape(
                form, batch.orElse(form.batch() ? DEFAULT_BATCH : 1L).intValue(), values.optional(ACK));
        final EventShape events = new EventShape(
                values.value(USERS).intValue(),
                values.value(ELEMENTS).intValue(),
                values.value(ACTIONS).intValue(),
                values.value(ZIPF),
                values.value(SEED),
                values.value(UNIQUE_USERS),
                values.value(USER_PREFIX),
                values.value(EVENT_IDS),
                values.value(TIMESTAMPS),
                values.value(SPAN));
        final Pace pace = new Pace(
                values.value(RATE),
                values.value(CONNECTIONS).intValue(),
                values.value(PIPELINE).intValue(),
                values.optional(REQUESTS).orElse(0L),
                values.value(DURATION),
                values.value(WARMUP),
                values.value(TIMEOUT),
                values.value(SPIN));
        return new LoadPlan(values.value(URL), requests, events, pace);
    }
}
