package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Stage;
import io.millrace.bench.faults.stage.StageException;
import java.util.List;

/** One after the other, in an order that the seed gives: what comes before the system has got over the last. */
final class RandomFault implements Fault {
    private final List<Fault> faults;

    RandomFault(final List<Fault> faults) {
        this.faults = List.copyOf(faults);
    }

    @Override
    public boolean strike(final Stage stage) throws Exception {
        final int chosen = stage.random().nextInt(faults.size());
        try {
            return faults.get(chosen).strike(stage);
        } catch (final StageException e) {
            throw new StageException("fault " + chosen + " of the sequence: " + e.getMessage());
        }
    }
}
