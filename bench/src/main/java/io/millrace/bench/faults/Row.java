package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.StageShape;

/**
 * One row of the matrix.
 *
 * @param id as in docs/faults.md; what stands behind a slash tells rows of one fault apart
 * @param what the fault is
 * @param shape of the stage
 * @param fault done in each round
 * @param rounds of a full run
 * @param shortRounds of a short run; 0: none
 * @param losses whether there may be any
 */
record Row(String id, String what, StageShape shape, Fault fault, int rounds, int shortRounds, Losses losses) {
    /** Whether answered events may be missing at the end. */
    enum Losses {
        NONE,
        /** What nobody holds any more is gone, but the server's books say so, to the event. */
        TOLD,
        /** What stood only in a file that could not be read any more is gone; the file is kept aside, and the log says so. */
        UNREADABLE
    }

    Row(
            final String id,
            final String what,
            final StageShape shape,
            final Fault fault,
            final int rounds,
            final int shortRounds) {
        this(id, what, shape, fault, rounds, shortRounds, Losses.NONE);
    }

    /** The same with such losses. */
    Row with(final Losses allowed) {
        return new Row(id, what, shape, fault, rounds, shortRounds, allowed);
    }
}
