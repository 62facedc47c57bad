package io.millrace.pipeline.journal;

import java.io.IOException;

/** A file is no journal that this version can read. The file was not changed. */
public final class UnreadableJournalException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableJournalException(final String message) {
        super(message);
    }
}
