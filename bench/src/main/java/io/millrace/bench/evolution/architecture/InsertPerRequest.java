package io.millrace.bench.evolution.architecture;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** V1: each request inserts its row and waits for the commit. */
final class InsertPerRequest implements Architecture {
    private final Stores stores;
    private final BlockingCalls calls = new BlockingCalls();

    InsertPerRequest(final Stores stores) {
        this.stores = stores;
    }

    @Override
    public CompletionStage<?> accept(final Event event) {
        return calls.run(() -> EventTable.insert(stores, List.of(event)));
    }

    @Override
    public void close() {
        calls.close();
    }
}
