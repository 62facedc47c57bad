package io.millrace.server.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Lays Agrona's view on the memory of Netty's buffers. */
final class ByteBufs {
    private ByteBufs() {}

    /**
     * Lays the view on a part of the buffer.
     *
     * @param buffer a direct buffer, not a composite
     */
    static void wrap(final UnsafeBuffer view, final ByteBuf buffer, final int offset, final int length) {
        if (buffer.hasMemoryAddress()) {
            view.wrap(buffer.memoryAddress() + offset, length);
        } else {
            // Netty without Unsafe, its default from JDK 25 on.
            final ByteBuffer nio = buffer.internalNioBuffer(offset, length);
            view.wrap(nio, nio.position(), length);
        }
    }
}
