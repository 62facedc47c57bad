package io.millrace.bench.faults;

import io.millrace.bench.faults.planted.PlantedBug;
import io.millrace.bench.faults.stage.Audit;
import io.millrace.bench.faults.stage.Launch;
import io.millrace.bench.faults.stage.PostgresServer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Runs servers that lie, to see that the matrix notices: a row with a planted bug has to be red. */
final class PlantedRun {
    private static final String LINE = "%-30s %-12s %6s %8s %8s %9s  %s%n";
    private static final int ROUNDS = 3;
    /** A server that has lost something need not ever come to rest. */
    private static final int SETTLE_SECONDS = 5;

    private final Path folder;
    private final PostgresServer postgres;
    private final Launch launch;
    private final long seed;
    private final PrintWriter out;
    private final PrintWriter err;

    PlantedRun(
            final Path folder,
            final PostgresServer postgres,
            final Launch launch,
            final long seed,
            final PrintWriter out,
            final PrintWriter err) {
        this.folder = folder;
        this.postgres = postgres;
        this.launch = launch;
        this.seed = seed;
        this.out = out;
        this.err = err;
    }

    /** Runs the bugs that a name begins with; tells whether each was noticed. */
    boolean run(final String name) throws Exception {
        out.printf(LINE, "planted bug", "row", "rounds", "lost", "doubled", "noticed", "what the server does wrong");
        boolean all = true;
        for (final PlantedBug bug : PlantedBug.values()) {
            if (nameOf(bug).startsWith(name)) {
                all &= run(bug);
            }
        }
        return all;
    }

    private boolean run(final PlantedBug bug) throws Exception {
        final Path home = Files.createDirectories(folder.resolve(nameOf(bug)));
        final Launch lying = bug.launch(launch, home.resolve("server"));
        final Row row = Matrix.rows().stream()
                .filter(each -> each.id().equals(bug.row()))
                .findFirst()
                .orElseThrow();
        final RowResult result =
                new RowRun(home, postgres, lying, seed, err, SETTLE_SECONDS).run(row, Math.min(ROUNDS, row.rounds()));
        final boolean noticed = result.status() == RowResult.Status.BROKEN;
        final String remark = noticed ? ": " + result.failure() : "";
        out.printf(
                LINE,
                nameOf(bug),
                row.id(),
                result.rounds(),
                result.audit().map(Audit::lost).map(String::valueOf).orElse("-"),
                result.audit().map(Audit::doubled).map(String::valueOf).orElse("-"),
                noticed ? "yes" : "NO",
                bug.what() + remark);
        out.flush();
        return noticed;
    }

    private static String nameOf(final PlantedBug bug) {
        return bug.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
