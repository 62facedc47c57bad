package io.millrace.bench.evolution.architecture;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;

/** A stream with an entry for each event, and the group that reads it. Thread-safe. */
final class EventStream {
    private static final String KEY = "events";
    private static final String GROUP = "workers";

    private final StatefulRedisConnection<String, String> redis;

    EventStream(final StatefulRedisConnection<String, String> redis) {
        this.redis = redis;
        redis.sync().xgroupCreate(StreamOffset.from(KEY, "0-0"), GROUP, XGroupCreateArgs.Builder.mkstream());
    }

    RedisFuture<String> add(final Event event) {
        return redis.async().xadd(KEY, event.fields());
    }

    /** Reads what nobody in the group has read; waits for the reply, but for no entry. */
    @SuppressWarnings("unchecked") // an array of offsets of one type, as Lettuce declares it
    List<StreamMessage<String, String>> read(final String consumer, final int count) {
        return redis.sync()
                .xreadgroup(
                        Consumer.from(GROUP, consumer), XReadArgs.Builder.count(count), StreamOffset.lastConsumed(KEY));
    }

    void acknowledge(final List<StreamMessage<String, String>> entries) {
        if (!entries.isEmpty()) {
            redis.sync()
                    .xack(KEY, GROUP, entries.stream().map(StreamMessage::getId).toArray(String[]::new));
        }
    }

    static List<Event> events(final List<StreamMessage<String, String>> entries) {
        return entries.stream().map(entry -> Event.of(entry.getBody())).toList();
    }
}
