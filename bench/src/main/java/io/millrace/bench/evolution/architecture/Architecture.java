package io.millrace.bench.evolution.architecture;

import java.util.concurrent.CompletionStage;

/** What stands behind the front. Thread-safe. */
interface Architecture extends AutoCloseable {
    /** Takes an event; the request is answered when the stage completes, with an error if it fails. */
    CompletionStage<?> accept(Event event);

    @Override
    void close();
}
