package io.millrace.bench.http;

import io.millrace.server.http.HttpLimits;
import io.millrace.server.http.RequestParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
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
 * From the bytes of a request to what is known of it, against Netty's decoder. That one is called without a channel and a
 * pipeline, which would only add to its cost, and none of its strings is asked for: names and values stay bytes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class RequestBenchmark {
    private static final int REQUESTS = 256;

    @Param
    private RequestHeads head;

    private final RequestParser parser = new RequestParser(HttpLimits.DEFAULTS);
    private final UnsafeBuffer[] views = new UnsafeBuffer[REQUESTS];
    private final ByteBuf[] buffers = new ByteBuf[REQUESTS];
    private final Decoder decoder = new Decoder();
    private final List<Object> messages = new ArrayList<>();
    private int next;

    @Setup
    public void write() throws Exception {
        for (int i = 0; i < REQUESTS; i++) {
            buffers[i] = Unpooled.directBuffer().writeBytes(head.write(i));
            views[i] = new UnsafeBuffer(buffers[i].nioBuffer());
        }
        if (millrace() != RequestParser.Outcome.COMPLETE || !(netty() instanceof LastHttpContent)) {
            throw new IllegalStateException("a request that one of the parsers does not take: " + head);
        }
    }

    @Benchmark
    public RequestParser.Outcome millrace() {
        final UnsafeBuffer view = views[advance()];
        parser.reset();
        return parser.parse(view, 0, view.capacity());
    }

    @Benchmark
    public Object netty() throws Exception {
        final ByteBuf buffer = buffers[advance()];
        buffer.readerIndex(0);
        messages.clear();
        while (buffer.isReadable()) {
            decoder.decodeFrom(buffer, messages);
        }
        return messages.get(messages.size() - 1);
    }

    private int advance() {
        next = (next + 1) & (REQUESTS - 1);
        return next;
    }

    /** Opens Netty's decoder to a call from outside of a pipeline; it does not look at the context. */
    private static final class Decoder extends HttpRequestDecoder {
        private void decodeFrom(final ByteBuf buffer, final List<Object> messages) throws Exception {
            decode(null, buffer, messages);
        }
    }
}
