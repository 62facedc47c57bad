package io.millrace.bench.evolution.architecture;

import io.lettuce.core.StreamMessage;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** V2: each request appends its event to the stream, reads the next one back at once, inserts that and acknowledges it. */
final class ReadBack implements Architecture {
    private final Stores stores;
    private final EventStream stream;
    private final BlockingCalls calls = new BlockingCalls();

    ReadBack(final Stores stores) {
        this.stores = stores;
        stream = new EventStream(stores.redis());
    }

    @Override
    public CompletionStage<?> accept(final Event event) {
        return calls.run(() -> {
            stream.add(event).get();
            final List<StreamMessage<String, String>> entries = stream.read("handler", 1);
            EventTable.insert(stores, EventStream.events(entries));
            stream.acknowledge(entries);
        });
    }

    @Override
    public void close() {
        calls.close();
    }
}
