package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Stage;

/** Something bad that is done to a stage, and undone if it does not pass by itself. */
@FunctionalInterface
interface Fault {
    /**
     * Does it once. The system serves again, or is about to, when this returns.
     *
     * @return whether it bit: something failed, had to be tried again, or was left to a recovery
     * @throws io.millrace.bench.faults.stage.StageException if the system did not stand it: the row is red
     */
    boolean strike(Stage stage) throws Exception;
}
