package io.millrace.server.leak;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaks a buffer. JUnit finds it by itself.
 *
 * <p>Netty knows of a leak when the garbage collector has found the buffer and another one is allocated; so both are
 * brought about when the class is done.
 */
public final class LeakExtension implements BeforeAllCallback, AfterAllCallback {
    private static final long COLLECTION_MILLIS = 120_000;

    static {
        // Before the first buffer class is initialized: it takes its detector then and keeps it.
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @Deprecated
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    final Class<T> resource, final int samplingInterval, final long maxActive) {
                return new RecordingLeakDetector<>(resource, samplingInterval);
            }

            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    final Class<T> resource, final int samplingInterval) {
                return new RecordingLeakDetector<>(resource, samplingInterval);
            }
        });
    }

    @Override
    public void beforeAll(final ExtensionContext context) {
        RecordingLeakDetector.REPORTS.clear();
    }

    @Override
    public void afterAll(final ExtensionContext context) throws InterruptedException {
        final List<String> leaks = collect();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " buffers leaked, the first: " + leaks.get(0));
        }
    }

    /** What leaked since the last call. */
    static List<String> collect() throws InterruptedException {
        // Twice: what the first collection enqueues is surely in Netty's queue when the second one's marker arrives.
        awaitCollection();
        awaitCollection();
        final ByteBuf probe = PooledByteBufAllocator.DEFAULT.directBuffer(1);
        probe.release();
        final List<String> leaks = new ArrayList<>(RecordingLeakDetector.REPORTS);
        RecordingLeakDetector.REPORTS.clear();
        return leaks;
    }

    private static void awaitCollection() throws InterruptedException {
        final ReferenceQueue<Object> queue = new ReferenceQueue<>();
        final PhantomReference<Object> marker = new PhantomReference<>(new Object(), queue);
        System.gc();
        if (queue.remove(COLLECTION_MILLIS) != marker) {
            throw new IllegalStateException("the garbage collector did not run within " + COLLECTION_MILLIS + " ms");
        }
    }
}
