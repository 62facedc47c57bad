package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Audit;
import io.millrace.bench.faults.stage.Launch;
import io.millrace.bench.faults.stage.NotRunException;
import io.millrace.bench.faults.stage.PostgresServer;
import io.millrace.bench.faults.stage.Stage;
import io.millrace.storage.embedded.folder.DurableFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/** Runs rows, on stages with a database of their own. */
final class RowRun {
    private static final int MORE_ROUNDS = 3;

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

    /** Runs a row on a stage of its own. What it leaves on disk stays if it is red. */
    RowResult run(final Row row, final int rounds) throws Exception {
        final List<RowResult> results = new ArrayList<>();
        run(new ConcurrentLinkedQueue<>(List.of(row)), each -> rounds, results::add);
        return results.get(results.size() - 1);
    }

    /**
     * Runs rows of one shape, levels of acknowledgement aside, one after the other on one stage; on another one behind a row that is not green.
     *
     * @param left what is not begun yet; others may take from it too
     * @param results is told of each row as it ends
     */
    void run(final Queue<Row> left, final ToIntFunction<Row> rounds, final Consumer<RowResult> results)
            throws Exception {
        for (Row row = left.poll(); row != null; row = left.poll()) {
            final Path home = folder.resolve(row.id().replace('/', '-'));
            if (runOnOneStage(home, row, left, rounds, results)) {
                DurableFiles.delete(home);
            }
        }
    }

    /** Returns whether none was red. */
    private boolean runOnOneStage(
            final Path home,
            final Row first,
            final Queue<Row> left,
            final ToIntFunction<Row> rounds,
            final Consumer<RowResult> results)
            throws InterruptedException {
        Rounds run = new Rounds(first, rounds.applyAsInt(first));
        try (Stage stage = Stage.open(first.shape(), home, postgres, launch, random(first))) {
            RowResult result = run.on(stage, Optional.empty());
            results.accept(result);
            while (result.status() == RowResult.Status.GREEN) {
                final Row row = left.poll();
                if (row == null) {
                    break;
                }
                run = new Rounds(row, rounds.applyAsInt(row));
                result = run.on(stage, result.total());
                results.accept(result);
            }
            return !result.status().isRed();
        } catch (final InterruptedException e) {
            throw e;
        } catch (final NotRunException e) {
            results.accept(run.ended(RowResult.Status.NOT_RUN, e.getMessage()));
            return true;
        } catch (final Exception e) {
            results.accept(run.failed(e));
            return false;
        }
    }

    private SplittableRandom random(final Row row) {
        return new SplittableRandom(seed * 31 + row.id().hashCode());
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

        RowResult on(final Stage stage, final Optional<Audit> before) throws InterruptedException {
            try {
                stage.load(row.shape().ack(), random(row));
                strike(stage);
                stage.awaitServing();
                final boolean settled = stage.settle(settleSeconds);
                return RowResult.judge(row, done, bit, stage.audit(), before, settled, seconds());
            } catch (final NotRunException e) {
                return ended(RowResult.Status.NOT_RUN, e.getMessage());
            } catch (final InterruptedException e) {
                throw e;
            } catch (final Exception e) {
                return failed(e);
            }
        }

        private void strike(final Stage stage) throws Exception {
            // Few rounds may bite too seldom by chance: then there are some more.
            for (; done < rounds || (2 * bit < done && done < rounds + MORE_ROUNDS); done++) {
                stage.pause(50, 1000);
                bit += row.fault().strike(stage) ? 1 : 0;
                progress.printf("%s: round %d of %d, %d bit%n", row.id(), done + 1, rounds, bit);
            }
        }

        /** Whatever the system did not stand makes the row red; the others go on. */
        RowResult failed(final Exception e) {
            final StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            progress.print(trace);
            return ended(RowResult.Status.BROKEN, e.toString());
        }

        RowResult ended(final RowResult.Status status, final String why) {
            return new RowResult(row, done, bit, Optional.empty(), Optional.empty(), why, status, seconds());
        }

        private double seconds() {
            return (System.nanoTime() - startNanos) / 1e9;
        }
    }
}
