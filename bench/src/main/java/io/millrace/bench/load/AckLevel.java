package io.millrace.bench.load;

import java.util.Locale;

/** What a request asks to be true before it is answered; see docs/architecture.md. */
public enum AckLevel {
    JOURNAL,
    DISK,
    STREAM,
    STORED;

    /** As it stands in a request. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String parameter() {
        return "ack=" + word();
    }
}
