package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Launch;
import io.millrace.bench.faults.stage.PostgresServer;
import io.millrace.bench.faults.stage.Stage;
import io.millrace.storage.embedded.folder.DurableFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;

/** Runs rows, each on a stage of its own with a database of its own. */
final class RowRun {
    private final Path folder;
    private final PostgresServer postgres;
    private final Launch launch;
    private final long seed;
    private final PrintWriter progress;
    private final long settleSeconds;

    /**
     * Prepares runs.
     *
     * @param folder for their files
     * @param seed of all that is random; each row draws from it alone, so that it is the same in a run without the others
     * @param settleSeconds within which all must be stored after the last fault
     */
    RowRun(
            final Path folder,
            final PostgresServer postgres,
            final Launch launch,
            final long seed,
            final PrintWriter progress,
            final long settleSeconds) {
        this.folder = folder;
        this.postgres = postgres;
        this.launch = launch;
        this.seed = seed;
        this.progress = progress;
        this.settleSeconds = settleSeconds;
    }

    /** Runs a row to its end. What it leaves on disk stays if the row is not green. */
    RowResult run(final Row row, final int rounds) throws Exception {
        final Path home = folder.resolve(row.id().replace('/', '-'));
        final Rounds run = new Rounds(row, rounds);
        final RowResult result = run.on(home);
        if (result.status() != RowResult.Status.RED) {
            DurableFiles.delete(home);
        }
        return result;
    }

    /** The rounds of one row. */
    private final class Rounds {
        private final Row row;
        private final int rounds;
        private final long startNanos = System.nanoTime();
        private int done;
        private int bit;

        Rounds(final Row row, final int rounds) {
            this.row = row;
            this.rounds = rounds;
        }

        RowResult on(final Path home) throws InterruptedException {
            final SplittableRandom random =
                    new SplittableRandom(seed * 31 + row.id().hashCode());
            try (Stage stage = Stage.open(row.shape(), home, postgres, launch, random)) {
                strike(stage);
                stage.awaitServing();
                final boolean settled = stage.settle(settleSeconds);
                return RowResult.judge(row, done, bit, stage.audit(), settled, seconds());
            } catch (final NotRunException e) {
                return ended(RowResult.Status.NOT_RUN, e.getMessage());
            } catch (final InterruptedException e) {
                throw e;
            } catch (final Exception e) {
                // Whatever the system did not stand makes the row red; the others go on.
                final StringWriter trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                progress.print(trace);
                return ended(RowResult.Status.RED, e.toString());
            }
        }

        private void strike(final Stage stage) throws Exception {
            for (; done < rounds; done++) {
                stage.pause(50, 1000);
                bit += row.fault().strike(stage) ? 1 : 0;
                progress.printf("%s: round %d of %d, %d bit%n", row.id(), done + 1, rounds, bit);
            }
        }

        private RowResult ended(final RowResult.Status status, final String why) {
            return new RowResult(row, done, bit, Optional.empty(), why, status, seconds());
        }

        private double seconds() {
            return (System.nanoTime() - startNanos) / 1e9;
        }
    }
}
