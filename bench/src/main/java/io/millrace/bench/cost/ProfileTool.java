package io.millrace.bench.cost;

import io.millrace.bench.load.Load;
import io.millrace.bench.load.LoadListener;
import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.TemporaryFolder;
import io.millrace.bench.tool.Kinds;
import io.millrace.bench.tool.Option;
import io.millrace.bench.tool.OptionException;
import io.millrace.bench.tool.OptionGroup;
import io.millrace.bench.tool.OptionValues;
import io.millrace.bench.tool.Tool;
import io.millrace.server.admin.profile.ProfileEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import one.profiler.AsyncProfilerLoader;

/**
 * {@code millrace profile}: a flame graph of a server under a load, by <a
 * href="https://github.com/async-profiler/async-profiler">async-profiler</a>, thread by thread; or of JMH benchmarks.
 */
public final class ProfileTool implements Tool {
    private static final Option<ProfileEvent> EVENT =
            Option.of("event", "cpu", Kinds.choice(ProfileEvent.class, "NAME"), "What is sampled");
    private static final Option<CostLoad> LOAD =
            Option.of("load", "ndjson", Kinds.choice(CostLoad.class, "NAME"), "What the server is put under");
    private static final Option<Duration> DURATION = Option.of(
            "duration", "10s", Kinds.time(Duration.ofSeconds(1), Duration.ofMinutes(10)), "How long to sample");
    private static final Option<Duration> WARMUP = Option.of(
            "warmup",
            "10s",
            Kinds.time(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "The same load before, which is not sampled");
    private static final Option<Path> OUT = Option.of(
            "out",
            "profile.html",
            Kinds.text("FILE", Pattern.compile(".+\\.html"), "a path that ends in .html", Path::of),
            "The flame graph");
    private static final Option<String> JMH = Option.optional(
            "jmh",
            "a server is profiled",
            Kinds.text("PATTERN", Pattern.compile(".+"), "a pattern of names", text -> text),
            "Profiles JMH benchmarks instead; a flame graph of each is written into a folder of its name");

    private static final Duration LONG = Duration.ofDays(1);

    @Override
    public String name() {
        return "profile";
    }

    @Override
    public String command() {
        return "millrace profile [cpu|alloc|wall|lock]";
    }

    @Override
    public String description() {
        return "Draws a flame graph of a server under a load, or of a benchmark.";
    }

    @Override
    public List<OptionGroup> options() {
        return List.of(new OptionGroup("Profile", List.of(EVENT, LOAD, DURATION, WARMUP, OUT, JMH)));
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err) throws Exception {
        if (!AsyncProfilerLoader.isSupported()) {
            throw new OptionException("async-profiler does not run on this system: use Linux on x64 or arm64");
        }
        final String event = values.value(EVENT).word();
        final String pattern = values.optional(JMH).orElse(null);
        if (pattern != null) {
            jmh(pattern, event);
            return 0;
        }
        final Path graph = values.value(OUT).toAbsolutePath();
        try (TemporaryFolder folder = TemporaryFolder.create("millrace-profile");
                ServiceProcess server = ServiceProcess.startMillrace(ServiceProcess.jar(), folder.path(), List.of())) {
            final CostLoad load = values.value(LOAD);
            final Duration duration = values.value(DURATION);
            err.println("warming up");
            err.flush();
            Load.run(load.plan(server.ingest(), values.value(WARMUP)), LoadListener.NONE);
            err.println("sampling");
            err.flush();
            // The load is stopped when the profiler, which may begin late, has ended.
            try (Load running = Load.start(load.plan(server.ingest(), LONG), LoadListener.NONE)) {
                // Waits for its end, and fails if it does.
                AsyncProfilerLoader.executeProfiler(
                        "-e",
                        event,
                        "-d",
                        Long.toString(duration.toSeconds()),
                        "-t",
                        "-f",
                        graph.toString(),
                        Long.toString(server.pid()));
                running.stop();
                running.await();
            }
        }
        out.println("flame graph: " + graph);
        return 0;
    }

    private static void jmh(final String pattern, final String event) throws IOException {
        org.openjdk.jmh.Main.main(new String[] {
            pattern,
            "-prof",
            "async:libPath=" + AsyncProfilerLoader.getAsyncProfilerPath() + ";output=flamegraph;event=" + event,
            "-f",
            "1"
        });
    }
}
