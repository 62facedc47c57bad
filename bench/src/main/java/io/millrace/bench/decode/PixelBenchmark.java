package io.millrace.bench.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.server.decode.DecodeResult;
import io.millrace.server.decode.EventDecoder;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From the query string of the pixel to an event's binary form in direct memory, against Netty's
 * {@link QueryStringDecoder}, the same checks behind it. Both write the same bytes, which is checked before the clock runs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class PixelBenchmark {
    private static final int QUERIES = 1024;
    private static final int SINK_BYTES = 1 << 10;
    private static final long RECEIVED_MILLIS = 1_767_225_600_000L;
    private static final long MAX_AGE_MILLIS = TimeUnit.DAYS.toMillis(30);
    private static final long MAX_AHEAD_MILLIS = TimeUnit.MINUTES.toMillis(1);

    /** As it is, or with a space and a slash encoded. */
    @Param({"PLAIN", "ENCODED"})
    private String form;

    private final byte[][] heap = new byte[QUERIES][];
    private final UnsafeBuffer[] direct = new UnsafeBuffer[QUERIES];
    private final UnsafeBuffer sink = new UnsafeBuffer(ByteBuffer.allocateDirect(SINK_BYTES));
    private final EventDecoder decoder = new EventDecoder(MAX_AGE_MILLIS, MAX_AHEAD_MILLIS);
    private final DecodeResult result = new DecodeResult();
    private final EventSink peerSink = new EventSink(MAX_AGE_MILLIS, MAX_AHEAD_MILLIS);
    private int next;

    @Setup
    public void write() {
        final String element = "PLAIN".equals(form) ? "btn-" : "btn%2Fbuy+";
        for (int i = 0; i < QUERIES; i++) {
            heap[i] = ("user_id=user-" + (10_000 + i * 7919 % 90_000) + "&action=click&element=" + element
                            + (100 + i * 31 % 900) + "&timestamp=" + (RECEIVED_MILLIS + i))
                    .getBytes(US_ASCII);
            direct[i] =
                    new UnsafeBuffer(ByteBuffer.allocateDirect(heap[i].length).put(heap[i]));
        }
        for (int i = 0; i < QUERIES; i++) {
            final byte[] expected = written(millrace());
            next = (next - 1) & (QUERIES - 1);
            if (expected.length == 0 || !Arrays.equals(expected, written(netty()))) {
                throw new IllegalStateException("the decoders do not write the same bytes for query " + i);
            }
        }
    }

    @Benchmark
    public int millrace() {
        final UnsafeBuffer query = direct[advance()];
        decoder.decodeQuery(query, 0, query.capacity(), RECEIVED_MILLIS, sink, 0, result);
        return result.encodedBytes();
    }

    @Benchmark
    public int netty() {
        final String query = new String(heap[advance()], US_ASCII);
        final Map<String, List<String>> parameters = new QueryStringDecoder(query, UTF_8, false).parameters();
        peerSink.clear(RECEIVED_MILLIS);
        peerSink.text(0, last(parameters.get("user_id")));
        peerSink.text(1, last(parameters.get("action")));
        peerSink.text(2, last(parameters.get("element")));
        peerSink.timestamp(Long.parseLong(last(parameters.get("timestamp"))));
        return peerSink.put(sink, 0, RECEIVED_MILLIS);
    }

    private static String last(final List<String> values) {
        return values.get(values.size() - 1);
    }

    private int advance() {
        next = (next + 1) & (QUERIES - 1);
        return next;
    }

    private byte[] written(final int bytes) {
        final byte[] copy = new byte[bytes];
        sink.getBytes(0, copy);
        return copy;
    }
}
