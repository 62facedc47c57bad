package io.millrace.bench.faults.planted;

/** Stands in a changed server: the process dies at once when it comes here for the n-th time. Thread-safe. */
public final class Trap {
    /** The property that says for which time. */
    static final String TIME = "millrace.trap";

    private static final int KILLED = 137;
    private static int left = Integer.getInteger(TIME, 0);

    private Trap() {}

    /** Comes here. */
    public static synchronized void step() {
        left--;
        if (left == 0) {
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
