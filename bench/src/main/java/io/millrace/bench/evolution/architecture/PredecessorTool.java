package io.millrace.bench.evolution.architecture;

import io.millrace.bench.tool.Kinds;
import io.millrace.bench.tool.Option;
import io.millrace.bench.tool.OptionGroup;
import io.millrace.bench.tool.OptionValues;
import io.millrace.bench.tool.Tool;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** {@code millrace bench predecessor}: serves one of the four architectures until it is ended. */
public final class PredecessorTool implements Tool {
    private enum Version {
        V1,
        V2,
        V3,
        V4
    }

    private static final Option<Version> VERSION = Option.of(
            "version",
            "v4",
            Kinds.choice(Version.class, "NAME"),
            "V1: an INSERT per request. V2: stream and read back. V3: stream and worker. V4: worker with windows");
    private static final Option<Path> DATA_DIR =
            Option.of("data-dir", "predecessor", Kinds.path("FOLDER"), "An empty folder for Redis and PostgreSQL");

    @Override
    public String name() {
        return "predecessor";
    }

    @Override
    public String description() {
        return "Serves one of the four architectures that Millrace replaces, with stores of its own.";
    }

    @Override
    public List<OptionGroup> options() {
        return List.of(new OptionGroup("Server", List.of(VERSION, DATA_DIR)));
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err) throws Exception {
        final Path folder = values.value(DATA_DIR);
        Files.createDirectories(folder);
        final CountDownLatch closed = new CountDownLatch(1);
        try (Stores stores = Stores.start(folder);
                Architecture architecture = make(values.value(VERSION), stores);
                Front front = new Front(architecture)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(front, closed)));
            out.println("  ingest     http://127.0.0.1:" + front.port());
            front.await();
        } finally {
            closed.countDown();
        }
        return 0;
    }

    private static Architecture make(final Version version, final Stores stores) {
        return switch (version) {
            case V1 -> new InsertPerRequest(stores);
            case V2 -> new ReadBack(stores);
            case V3 -> StreamWorker.inserting(stores);
            case V4 -> StreamWorker.aggregating(stores);
        };
    }

    /** Ends the wait, and holds the end of the process back until the stores are closed. */
    private static void stop(final Front front, final CountDownLatch closed) {
        front.close();
        try {
            closed.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
