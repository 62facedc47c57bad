package io.millrace.bench.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.server.http.HttpLimits;
import io.millrace.server.http.RequestHead;
import io.millrace.server.http.RequestParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
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
 * From the bytes of a request to what is known of it, against Netty's decoder, which is measured twice: in a pipeline,
 * before a handler that finds what Millrace's head says; and its decoding alone, called without channel and pipeline, with
 * nothing asked of the request. Both give the same facts, which is checked before the clock runs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class RequestBenchmark {
    private static final int REQUESTS = 256;

    /** Without leak detection, which would wrap some of the buffers. */
    private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true, true);

    @Param
    private RequestHeads head;

    private final RequestParser parser = new RequestParser(HttpLimits.DEFAULTS);
    private final UnsafeBuffer[] views = new UnsafeBuffer[REQUESTS];
    private final ByteBuf[] buffers = new ByteBuf[REQUESTS];
    private final NettyPipeline pipeline = new NettyPipeline();
    private final Decoder decoder = new Decoder();
    private final List<Object> messages = new ArrayList<>();
    private int next;

    @Setup
    public void write() throws Exception {
        for (int i = 0; i < REQUESTS; i++) {
            buffers[i] = ALLOCATOR.directBuffer().writeBytes(head.write(i));
            views[i] = new UnsafeBuffer(buffers[i].nioBuffer());
        }
        for (int i = 0; i < REQUESTS; i++) {
            checkAgreement(views[(next + 1) & (REQUESTS - 1)]);
        }
    }

    @Benchmark
    public RequestHead millrace() {
        final UnsafeBuffer view = views[advance()];
        parser.reset();
        return parser.parse(view, 0, view.capacity()) == RequestParser.Outcome.COMPLETE ? parser.head() : null;
    }

    @Benchmark
    public Object nettyInPipeline() {
        pipeline.decode(buffers[advance()].readerIndex(0));
        return pipeline.complete ? pipeline : null;
    }

    @Benchmark
    public Object nettyDecodingAlone() throws Exception {
        final ByteBuf buffer = buffers[advance()].readerIndex(0);
        messages.clear();
        while (buffer.isReadable()) {
            decoder.decodeFrom(buffer, messages);
        }
        return messages.get(0);
    }

    private int advance() {
        next = (next + 1) & (REQUESTS - 1);
        return next;
    }

    private void checkAgreement(final UnsafeBuffer view) throws Exception {
        final RequestHead head = millrace();
        next--;
        final HttpRequest alone = (HttpRequest) nettyDecodingAlone();
        next--;
        if (head == null || nettyInPipeline() == null || !alone.decoderResult().isSuccess()) {
            throw new IllegalStateException("a request that one of the parsers does not take: " + this.head);
        }
        final String target = pipeline.target;
        final boolean agree = head.method().name().equals(pipeline.method.name())
                && text(view, head.pathOffset(), head.pathLength()).equals(target.substring(0, pipeline.queryIndex))
                && text(view, head.queryOffset(), head.queryLength()).equals(target.substring(pipeline.queryIndex + 1))
                && head.persistent() == pipeline.persistent
                && head.framed() == (pipeline.chunked || pipeline.contentLength != null)
                && head.originLength() < 0 == (pipeline.origin == null)
                && head.writeKeyLength() < 0 == (pipeline.writeKey == null)
                && head.authorizationLength() < 0 == (pipeline.authorization == null)
                && alone.uri().equals(target);
        if (!agree) {
            throw new IllegalStateException("the parsers disagree on " + text(view, 0, view.capacity()));
        }
    }

    private static String text(final UnsafeBuffer view, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        view.getBytes(offset, bytes);
        return new String(bytes, US_ASCII);
    }

    /** Opens Netty's decoder to a call from outside of a pipeline; it does not look at the context. */
    private static final class Decoder extends HttpRequestDecoder {
        private void decodeFrom(final ByteBuf buffer, final List<Object> messages) throws Exception {
            decode(null, buffer, messages);
        }
    }
}
