package io.millrace.bench.load;

import java.util.Locale;

/** What a request asks to be true before it is answered; see docs/architecture.md. */
public enum AckLevel {
    JOURNAL,
    DISK,
    STREAM,
    STORED;

    String parameter() {
        return "ack=" + name().toLowerCase(Locale.ROOT);
    }
}
