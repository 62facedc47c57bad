package io.millrace.bench.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.server.decode.DecodeResult;
import io.millrace.server.decode.EventDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From the JSON of an event to its binary form in direct memory, against dsl-json's low-level reader and Jackson's streaming
 * parser; alone, and in NDJSON of {@link #BATCH} lines. All give the same bytes, which is checked before the clock runs.
 *
 * <p>The events differ, so that no branch predictor learns one by heart. Peers read heap arrays, the only source they take;
 * the bytes of a socket, in direct memory, would have to be copied there first, which is not counted against them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class JsonBenchmark {
    static final int BATCH = 100;

    private static final int EVENTS = 256;
    private static final int SINK_BYTES = 1 << 16;
    private static final long RECEIVED_MILLIS = 1_767_225_600_000L;
    private static final long MAX_AGE_MILLIS = TimeUnit.DAYS.toMillis(30);
    private static final long MAX_AHEAD_MILLIS = TimeUnit.MINUTES.toMillis(1);

    @Param
    private JsonForm form;

    private final byte[][] heap = new byte[EVENTS][];
    private final UnsafeBuffer[] direct = new UnsafeBuffer[EVENTS];
    private final UnsafeBuffer sink = new UnsafeBuffer(ByteBuffer.allocateDirect(SINK_BYTES));
    private final EventDecoder decoder = new EventDecoder(MAX_AGE_MILLIS, MAX_AHEAD_MILLIS);
    private final DecodeResult result = new DecodeResult();
    private final DslJsonDecoder dslJson = new DslJsonDecoder(new EventSink(MAX_AGE_MILLIS, MAX_AHEAD_MILLIS));
    private final JacksonDecoder jackson = new JacksonDecoder(new EventSink(MAX_AGE_MILLIS, MAX_AHEAD_MILLIS));
    private byte[] heapBatch;
    private UnsafeBuffer directBatch;
    private int next;

    @Setup
    public void write() throws IOException {
        final StringBuilder lines = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            final String json = form.write(i, RECEIVED_MILLIS);
            heap[i] = json.getBytes(US_ASCII);
            direct[i] = direct(heap[i]);
            if (i < BATCH) {
                lines.append(json).append('\n');
            }
        }
        heapBatch = lines.toString().getBytes(US_ASCII);
        directBatch = direct(heapBatch);
        checkAllAgree();
    }

    @Benchmark
    public int millrace() {
        return decodeOne(direct[advance()]);
    }

    @Benchmark
    public int dslJson() throws IOException {
        return dslJson.decode(heap[advance()], 1, RECEIVED_MILLIS, sink, 0);
    }

    @Benchmark
    public int jackson() throws IOException {
        return jackson.decode(heap[advance()], RECEIVED_MILLIS, sink, 0);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int millraceBatch() {
        decoder.decodeLines(directBatch, 0, directBatch.capacity(), RECEIVED_MILLIS, sink, 0, result);
        return result.encodedBytes();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int dslJsonBatch() throws IOException {
        return dslJson.decode(heapBatch, BATCH, RECEIVED_MILLIS, sink, 0);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int jacksonBatch() throws IOException {
        return jackson.decode(heapBatch, RECEIVED_MILLIS, sink, 0);
    }

    private int advance() {
        next = (next + 1) & (EVENTS - 1);
        return next;
    }

    private int decodeOne(final UnsafeBuffer json) {
        decoder.decodeJson(json, 0, json.capacity(), RECEIVED_MILLIS, sink, 0, result);
        return result.encodedBytes();
    }

    private static UnsafeBuffer direct(final byte[] bytes) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(bytes.length).put(bytes));
    }

    private void checkAllAgree() throws IOException {
        for (int i = 0; i < EVENTS; i++) {
            final byte[] expected = written(decodeOne(direct[i]));
            check(expected, dslJson.decode(heap[i], 1, RECEIVED_MILLIS, sink, 0));
            check(expected, jackson.decode(heap[i], RECEIVED_MILLIS, sink, 0));
        }
        final byte[] expected = written(millraceBatch());
        check(expected, dslJsonBatch());
        check(expected, jacksonBatch());
    }

    private byte[] written(final int bytes) {
        final byte[] copy = new byte[bytes];
        sink.getBytes(0, copy);
        return copy;
    }

    private void check(final byte[] expected, final int bytes) {
        if (bytes == 0 || !Arrays.equals(expected, written(bytes))) {
            throw new IllegalStateException("the decoders do not write the same bytes for " + form);
        }
    }
}
