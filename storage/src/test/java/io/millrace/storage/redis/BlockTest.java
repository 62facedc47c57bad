package io.millrace.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class BlockTest {
    private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.US_ASCII);

    @Test
    void shouldCopyItsPartOfTheMemory() {
        final Block block = new Block(new UnsafeBuffer(BYTES), 2, 5);
        final ByteBuf target = Unpooled.directBuffer(1).writeByte('>');
        try {
            block.encode(target);
            assertThat(ByteBufUtil.getBytes(target)).asString().isEqualTo(">23456");
        } finally {
            target.release();
        }
    }

    @Test
    void shouldNotReadMemoryThatWasTakenBack() {
        final Block block = new Block(new UnsafeBuffer(BYTES), 0, BYTES.length);
        block.abandon();
        block.abandon();
        final ByteBuf target = Unpooled.buffer();
        assertThatThrownBy(() -> block.encode(target)).isInstanceOf(IllegalStateException.class);
        assertThat(target.readableBytes()).isZero();
    }

    @Test
    void shouldRefuseAPartBeyondTheMemory() {
        assertThatThrownBy(() -> new Block(new UnsafeBuffer(BYTES), 8, 3))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
