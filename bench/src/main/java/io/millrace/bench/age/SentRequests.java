package io.millrace.bench.age;

import io.millrace.bench.load.LoadListener;
import io.millrace.bench.load.LossCause;
import io.millrace.bench.load.Reply;
import org.agrona.collections.LongArrayList;

/** When each request was written. Belongs to the load's thread, and to another once that has ended. */
final class SentRequests implements LoadListener {
    private final LongArrayList sentNanos = new LongArrayList();

    @Override
    public void sent(final long firstEvent, final int events) {
        sentNanos.addLong(System.nanoTime());
    }

    @Override
    public void answered(final long firstEvent, final int events, final Reply reply) {}

    @Override
    public void lost(final long firstEvent, final int events, final LossCause cause) {}

    int size() {
        return sentNanos.size();
    }

    long sentNanos(final int request) {
        return sentNanos.getLong(request);
    }
}
