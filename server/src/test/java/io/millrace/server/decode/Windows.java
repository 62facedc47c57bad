package io.millrace.server.decode;

import org.agrona.concurrent.UnsafeBuffer;

/** Windows for tests. */
final class Windows {
    private Windows() {}

    /** A window on all the bytes. */
    static Window of(final byte[] bytes) {
        final Window window = new Window();
        window.wrap(new UnsafeBuffer(bytes), 0, bytes.length);
        return window;
    }
}
