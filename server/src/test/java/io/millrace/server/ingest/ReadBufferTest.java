package io.millrace.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation")
class ReadBufferTest {
    private static final int CAPACITY = 4096;

    private final ReadBuffer readBuffer = new ReadBuffer(CAPACITY);
    private final RecvByteBufAllocator.Handle first = readBuffer.newHandle();
    private final RecvByteBufAllocator.Handle second = readBuffer.newHandle();

    @AfterEach
    void release() {
        readBuffer.release();
    }

    @Test
    void shouldReadEveryConnectionIntoTheSameMemory() {
        final ByteBuf read = lend(first);
        final long address = read.memoryAddress();
        read.writeBytes(new byte[CAPACITY]);
        read.release();

        final ByteBuf next = lend(second);
        assertThat(next.memoryAddress()).isEqualTo(address);
        assertThat(next.readableBytes()).isZero();
        assertThat(next.writableBytes()).isEqualTo(CAPACITY);
        next.release();
    }

    @Test
    void shouldLeaveWhatSomebodyKeepsToThem() {
        final ByteBuf kept = lend(first).writeByte('k');

        final ByteBuf next = lend(second).writeByte('n');
        assertThat(next.memoryAddress()).isNotEqualTo(kept.memoryAddress());
        assertThat(kept.readByte()).isEqualTo((byte) 'k');
        next.release();
        assertThat(kept.release()).isTrue();
    }

    @Test
    void shouldTakeNoMoreThanOneReadOfAConnectionAtATime() {
        first.reset(new EmbeddedChannel().config());
        final ByteBuf read = lend(first);
        first.attemptedBytesRead(CAPACITY);
        first.lastBytesRead(CAPACITY);
        first.incMessagesRead(1);
        assertThat(first.continueReading()).isFalse();
        read.release();
    }

    @Test
    void shouldGiveTheMemoryBack() {
        final ByteBuf read = lend(first);
        read.release();
        readBuffer.release();
        assertThat(read.refCnt()).isZero();
    }

    private static ByteBuf lend(final RecvByteBufAllocator.Handle handle) {
        return handle.allocate(PooledByteBufAllocator.DEFAULT);
    }
}
