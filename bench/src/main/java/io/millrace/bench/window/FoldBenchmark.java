package io.millrace.bench.window;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.FlushBatch.EventIds;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time per event to gather a batch: events without an id, and with one, which are kept apart or not. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
public class FoldBenchmark {
    private static final int EVENTS = 10_000;

    private final EventFlyweight event = new EventFlyweight();
    private final FlushBatch compared = new FlushBatch(EventSource.WINDOW_MILLIS, 1, EventIds.COMPARED);
    private final FlushBatch ignored = new FlushBatch(EventSource.WINDOW_MILLIS, 1, EventIds.IGNORED);
    private final FlushBatch known = new FlushBatch(EventSource.WINDOW_MILLIS, 1, EventIds.COMPARED);
    private UnsafeBuffer plain;
    private UnsafeBuffer identified;

    /** Writes the events, back to back as in a block. */
    @Setup
    public void write() {
        plain = events(false);
        identified = events(true);
    }

    private static UnsafeBuffer events(final boolean withIds) {
        final EventSource source = new EventSource();
        final UnsafeBuffer events = new UnsafeBuffer(new byte[EVENTS * EventLayout.MAX_LENGTH]);
        int offset = 0;
        for (int i = 0; i < EVENTS; i++) {
            final EventFlyweight event = source.write(withIds ? EventSource.id(i) : "");
            events.putBytes(offset, event.buffer(), event.offset(), event.length());
            offset += event.length();
        }
        return events;
    }

    /** Events without an id. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long withoutId() {
        compared.clear();
        return gather(compared, plain);
    }

    /** Events without an id, of groups and users that the batch has already. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long ofKnownUsers() {
        return gather(known, plain);
    }

    /** Events with an id, all different, that are kept apart. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long withId() {
        compared.clear();
        return gather(compared, identified);
    }

    /** Events with an id that nobody compares. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long withIgnoredId() {
        ignored.clear();
        return gather(ignored, identified);
    }

    private long gather(final FlushBatch batch, final UnsafeBuffer events) {
        int offset = 0;
        for (int i = 0; i < EVENTS; i++) {
            if (!event.tryWrap(events, offset, events.capacity())) {
                throw new IllegalStateException("not an event");
            }
            batch.add(EventSource.STREAM, event);
            offset += event.length();
        }
        return batch.groups().eventCount() + batch.identified().size();
    }
}
