package io.millrace.bench.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.pipeline.journal.Journal;
import io.millrace.server.decode.EventDecoder;
import io.millrace.server.http.BodyBudget;
import io.millrace.server.http.Exchange;
import io.millrace.server.http.HttpLimits;
import io.millrace.server.ingest.IngestJournal;
import io.millrace.server.ingest.IngestLoop;
import io.millrace.server.ingest.IngestSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;
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
 * From the bytes of a read to the bytes of its replies, the events committed in a mapped journal (and freed now and then): all that
 * the event loop does but the system calls. Beside it Netty's own codec on an embedded channel, whose handler looks at nothing and
 * answers a constant.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Dio.netty.leakDetection.level=disabled",
            NettyThreads.CUSTOM,
            NettyThreads.CLASS
        })
public class ExchangeBenchmark {
    private static final int READS = 256;
    private static final int JOURNAL_BYTES = 1 << 24;
    private static final long NOW_MILLIS = 1_767_225_700_000L;
    private static final int MAX_CONTENT_BYTES = 1 << 20;

    @Param
    private ExchangeForm form;

    private final UnsafeBuffer[] reads = new UnsafeBuffer[READS];
    private final ByteBuf[] nettyReads = new ByteBuf[READS];
    private Journal journal;
    private IngestLoop loop;
    private Exchange exchange;
    private EmbeddedChannel channel;
    private int next;

    @Setup
    public void open() throws IOException {
        for (int i = 0; i < READS; i++) {
            final byte[] bytes = form.bytes(i);
            reads[i] = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes.length).put(bytes));
            nettyReads[i] = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
        }
        final Path file = Files.createTempDirectory("millrace-bench").resolve("exchange.journal");
        journal = Journal.create(file, JOURNAL_BYTES, "bench", UUID.randomUUID(), 1);
        loop = new IngestLoop(
                new IngestJournal(journal.writer(), journal.progress(), () -> {}, level -> {}, () -> 1),
                new EventDecoder(TimeUnit.DAYS.toMillis(30), TimeUnit.MINUTES.toMillis(1)),
                IngestSettings.DEFAULTS,
                1,
                new BodyBudget(HttpLimits.DEFAULTS.collectedBytes()),
                () -> NOW_MILLIS,
                SystemNanoClock.INSTANCE);
        exchange = new Exchange(loop.http(), PooledByteBufAllocator.DEFAULT);
        channel = new EmbeddedChannel(
                new HttpServerCodec(), new HttpObjectAggregator(MAX_CONTENT_BYTES), new ConstantHandler());
        check();
    }

    /** Both answer every request of a read with a success, and Millrace has its events. */
    private void check() {
        final ByteBuf replies = exchange.receive(reads[0], reads[0].capacity());
        final String text = replies.toString(ISO_8859_1);
        replies.release();
        final int requests = form == ExchangeForm.PIXELS_PIPELINED ? ExchangeForm.PIPELINED : 1;
        final int events = form == ExchangeForm.LINES ? ExchangeForm.BATCH : requests;
        if (text.split("HTTP/1.1 20[02] ", -1).length - 1 != requests
                || journal.progress().accepted() != events) {
            throw new IllegalStateException("a read that was not answered: " + text);
        }
        if (netty() < requests) {
            throw new IllegalStateException("a read that Netty did not answer");
        }
    }

    @TearDown
    public void close() throws IOException {
        exchange.close();
        loop.stop();
        channel.finishAndReleaseAll();
        final Path folder = journal.path().getParent();
        journal.removeFile();
        journal.close();
        Files.delete(folder);
    }

    @Benchmark
    public int millrace() {
        final UnsafeBuffer read = reads[advance()];
        if (next == 0) {
            journal.reader().free(journal.progress().accepted());
        }
        final ByteBuf replies = exchange.receive(read, read.capacity());
        final int length = replies.readableBytes();
        replies.release();
        return length;
    }

    @Benchmark
    public int netty() {
        final ByteBuf read = nettyReads[advance()];
        channel.writeInbound(read.readerIndex(0).retain());
        int buffers = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            out.release();
            buffers++;
        }
        return buffers;
    }

    private int advance() {
        next = (next + 1) & (READS - 1);
        return next;
    }
}
