package io.millrace.bench.decode;

import io.millrace.server.http.BodyBudget;
import io.millrace.server.http.Refusal;
import io.millrace.server.ingest.GzipDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A compressed body from the first byte to the last one decoded, against the JDK's stream and Netty's decoder. All three
 * inflate by the same zlib, so the difference is what stands around it; only ours bounds what comes out as it comes.
 *
 * <p>Netty's decoder is a handler and is given a channel of its own for each body, as each request has in Netty's own
 * decompressor; what comes out is counted and dropped.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Djmh.executor=CUSTOM",
            "-Djmh.executor.class=io.millrace.bench.EventLoopThreads"
        })
public class GzipBenchmark {
    private static final int MAX_BYTES = 1 << 20;

    @Param
    private GzipForm form;

    private final GzipDecoder decoder = new GzipDecoder(MAX_BYTES, new BodyBudget(4L * MAX_BYTES));
    private byte[] heap;
    private UnsafeBuffer direct;

    @Setup
    public void write() throws IOException {
        heap = form.write();
        direct = new UnsafeBuffer(ByteBuffer.allocateDirect(heap.length).put(heap));
        // The JDK's stream goes a call deeper for each member without content, and overflows the stack.
        if (form != GzipForm.EMPTY_MEMBERS) {
            final int length = jdk();
            if (millrace() != length || netty() != length) {
                throw new IllegalStateException("the decoders do not agree on " + form);
            }
        }
    }

    @TearDown
    public void close() {
        decoder.close();
    }

    @Benchmark
    public int millrace() {
        final Refusal refusal = decoder.decode(direct, 0, direct.capacity());
        if (refusal != null) {
            throw new IllegalStateException(refusal.code());
        }
        final int length = decoder.length();
        decoder.release();
        return length;
    }

    @Benchmark
    public int jdk() throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(heap))) {
            return in.readAllBytes().length;
        }
    }

    @Benchmark
    public int netty() {
        final EmbeddedChannel channel = new EmbeddedChannel(new JdkZlibDecoder(true, 0));
        channel.writeInbound(Unpooled.wrappedBuffer(heap));
        int length = 0;
        for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
            length += piece.readableBytes();
            piece.release();
        }
        channel.finishAndReleaseAll();
        return length;
    }
}
