package io.millrace.server.ingest;

import io.millrace.pipeline.AckLevel;

/**
 * What answers wait for. Checked when it is made.
 *
 * @param level of a request that asks for none
 * @param max the highest level that a request may ask for
 * @param timeoutMillis how long an answer waits; then it says how far the events have got
 */
public record AckSettings(AckLevel level, AckLevel max, long timeoutMillis) {
    /** What holds if nothing is configured. */
    public static final AckSettings DEFAULTS = new AckSettings(AckLevel.JOURNAL, AckLevel.STORED, 5_000);

    public static final long MIN_TIMEOUT_MILLIS = 100;
    public static final long MAX_TIMEOUT_MILLIS = 60_000;

    public AckSettings {
        if (level.compareTo(max) > 0) {
            throw new IllegalArgumentException("level " + level + " is above the highest allowed, " + max);
        }
        if (timeoutMillis < MIN_TIMEOUT_MILLIS || timeoutMillis > MAX_TIMEOUT_MILLIS) {
            throw new IllegalArgumentException("timeout out of bounds: " + timeoutMillis + " ms, choose "
                    + MIN_TIMEOUT_MILLIS + " to " + MAX_TIMEOUT_MILLIS);
        }
    }
}
