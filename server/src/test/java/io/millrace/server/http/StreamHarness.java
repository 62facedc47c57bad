package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** One connection without a socket: pieces of bytes in, replies out. A buffer that is not given back fails the test at once. */
final class StreamHarness implements AutoCloseable {
    /** Counts what it gives and gets back, so that nothing has to wait for the collector to find a leak. */
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

    private final Exchange exchange;
    private final ByteArrayOutputStream replies = new ByteArrayOutputStream();

    StreamHarness(final HttpLoop loop) {
        exchange = new Exchange(loop, allocator);
    }

    /** Sends a piece as one read. The memory is overwritten after it: nothing may look at it again. */
    void send(final byte[] bytes, final int from, final int to) {
        if (exchange.closing() || from == to) {
            return;
        }
        final byte[] piece = Arrays.copyOfRange(bytes, from, to);
        final ByteBuf out = exchange.receive(new UnsafeBuffer(piece), piece.length);
        Arrays.fill(piece, (byte) '#');
        take(out);
    }

    /** Ends the stream from this side, as a time that is up does. */
    void refuse(final Refusal refusal) {
        take(exchange.refuse(refusal));
    }

    private void take(final ByteBuf out) {
        if (out != null) {
            final byte[] reply = new byte[out.readableBytes()];
            out.readBytes(reply);
            out.release();
            replies.writeBytes(reply);
        }
    }

    boolean closing() {
        return exchange.closing();
    }

    DeadlineList waitsIn() {
        return exchange.waitsIn();
    }

    String replies() {
        return replies.toString(ISO_8859_1);
    }

    @Override
    public void close() {
        exchange.close();
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
                .as("bytes of buffers that were not given back")
                .isZero();
    }
}
