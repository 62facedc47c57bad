package io.millrace.server.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakExtensionTest {
    @Test
    void shouldSeeALeak() throws InterruptedException {
        leak();
        assertThat(LeakExtension.collect()).singleElement().asString().contains("LeakExtensionTest.leak");
    }

    @Test
    void shouldSeeNoLeakWhereThereIsNone() throws InterruptedException {
        final ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(64);
        buffer.writeByte(1);
        buffer.release();
        assertThat(LeakExtension.collect()).isEmpty();
    }

    private static void leak() {
        final ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(64);
        assertThat(buffer.refCnt()).isEqualTo(1);
    }
}
