package io.millrace.pipeline;

import java.util.Locale;

/** What an answer waits for. Each level survives more than those before it, and takes longer. */
public enum AckLevel {
    /** The events are committed in the mapped journal: they survive the death of the process. */
    JOURNAL,
    /** The journal is forced to disk: they survive a loss of power. */
    DISK,
    /** The stream confirmed them: they survive the loss of this node. */
    STREAM,
    /** The window store committed them. */
    STORED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The level as people write it, for example {@code disk}. */
    public String word() {
        return word;
    }
}
