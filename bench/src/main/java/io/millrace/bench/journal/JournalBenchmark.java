package io.millrace.bench.journal;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.journal.JournalReader;
import io.millrace.pipeline.journal.JournalWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
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
 * The way of one record of {@link #eventBytes} bytes through the journal (claim, write, checksum, commit, peek, free), on one
 * thread, against Agrona's many-to-one ring in memory, the Disruptor and a queue of the JDK. None of these survives the process or
 * checks its records; the price of that is what is measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
public class JournalBenchmark {
    private static final int CAPACITY_BYTES = 1 << 24;

    /** One event, a batch of ten, a batch of two hundred. */
    @Param({"45", "450", "9000"})
    private int eventBytes;

    private UnsafeBuffer events;
    private Journal journal;
    private JournalWriter writer;
    private JournalReader reader;
    private Sum sum;
    private ManyToOneRingBuffer ring;
    private ArrayBlockingQueue<byte[]> queue;
    private RingBuffer<Slot> disruptor;
    private EventPoller<Slot> poller;

    @Setup
    public void open() throws IOException {
        events = new UnsafeBuffer(ByteBuffer.allocateDirect(eventBytes));
        final Path file = Files.createTempDirectory("millrace-bench").resolve("bench.journal");
        journal = Journal.create(file, CAPACITY_BYTES, "bench", UUID.randomUUID(), 1);
        writer = journal.writer();
        reader = journal.reader();
        sum = new Sum();
        ring = new ManyToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
        queue = new ArrayBlockingQueue<>(1024);
        disruptor = RingBuffer.createSingleProducer(() -> new Slot(eventBytes), 1024);
        poller = disruptor.newPoller();
        disruptor.addGatingSequences(poller.getSequence());
    }

    @TearDown
    public void close() throws IOException {
        final Path folder = journal.path().getParent();
        journal.removeFile();
        journal.close();
        Files.delete(folder);
    }

    @Benchmark
    public long journal() {
        final int index = writer.tryClaim(eventBytes);
        writer.buffer().putBytes(index, events, 0, eventBytes);
        final long sequence = writer.commit(eventBytes, 1);
        reader.peek(sum);
        reader.advance();
        reader.free(sequence);
        return sum.value;
    }

    @Benchmark
    public long manyToOneRing() {
        final int index = ring.tryClaim(1, eventBytes);
        ring.buffer().putBytes(index, events, 0, eventBytes);
        ring.commit(index);
        ring.read((type, buffer, offset, length) -> sum.onRecord(1, 1, buffer, offset, length));
        return sum.value;
    }

    @Benchmark
    public long arrayBlockingQueue() {
        final byte[] record = new byte[eventBytes];
        events.getBytes(0, record);
        queue.add(record);
        sum.value += queue.remove()[0];
        return sum.value;
    }

    /** One producer, one poller, slots made beforehand: its cheapest form. */
    @Benchmark
    public long disruptor() throws Exception {
        final long sequence = disruptor.next();
        final UnsafeBuffer slot = disruptor.get(sequence).bytes;
        slot.putBytes(0, events, 0, eventBytes);
        disruptor.publish(sequence);
        poller.poll((polled, at, last) -> sum.onRecord(at, 1, polled.bytes, 0, eventBytes));
        return sum.value;
    }

    private static final class Slot {
        private final UnsafeBuffer bytes;

        private Slot(final int length) {
            bytes = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        }
    }

    /** What is done with a record: as little as shows that it was read. */
    private static final class Sum implements JournalReader.RecordHandler {
        private long value;

        @Override
        public boolean onRecord(
                final long firstSequence,
                final int count,
                final DirectBuffer buffer,
                final int offset,
                final int length) {
            value += buffer.getByte(offset) + length;
            return true;
        }
    }
}
