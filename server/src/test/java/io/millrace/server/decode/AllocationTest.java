package io.millrace.server.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts the bytes that this thread allocated: a property of the code, not of its speed or of other threads. */
class AllocationTest {
    private static final int DECODES = 10_000;

    private final EventDecoder decoder =
            new EventDecoder(DecoderHarness.MAX_AGE_MILLIS, DecoderHarness.MAX_AHEAD_MILLIS);
    private final DecodeResult result = new DecodeResult();
    private final UnsafeBuffer sink = new UnsafeBuffer(new byte[4096]);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "JSON|{\"user_id\":42,\"action\":\"click\",\"element\":\"buy\",\"timestamp\":1767225600000,\"x\":[{\"y\":1.5}]}",
                "JSON|{\"us\\u0065r_id\":\"a\\n\\ud83d\\ude00\",\"action\":\"é\",\"element\":\"e\",\"timestamp\":\"2026-01-01T00:00:00\\u005a\"}",
                "JSON|[{\"user_id\":1},5,{\"user_id\":1,\"action\":\"a\",\"element\":\"\\ud800\"},{\"user_id\":1,\"action\":\"a\",\"element\":\"e\"}]",
                "JSON|{\"user_id\":",
                "LINES|{\"user_id\":1,\"action\":\"a\",\"element\":\"e\"}",
                "BEACON|{\"user_id\":1,\"action\":\"a\",\"element\":\"e\"} {\"user_id\":1,\"action\":\"a\",\"element\":\"e\"}",
                "QUERY|u=1&action=a%20b&e=%C3%A9+x&%74=2026-01-01T00:00:00+00:00&eid=7",
                "QUERY|u=1&a=%",
            })
    void shouldAllocateNothing(final Form form, final String text) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
        final byte[] bytes = text.getBytes(UTF_8);
        final UnsafeBuffer source = new UnsafeBuffer(bytes);
        decode(form, source);
        final long threadId = Thread.currentThread().getId();
        // The first reading makes the bean allocate what it needs.
        threads.getThreadAllocatedBytes(threadId);
        final long before = threads.getThreadAllocatedBytes(threadId);
        decode(form, source);
        assertThat(threads.getThreadAllocatedBytes(threadId) - before)
                // One object per decode would be at least this much; the bean's own reading may cost a few bytes.
                .isLessThan(DECODES);
    }

    private void decode(final Form form, final UnsafeBuffer source) {
        for (int i = 0; i < DECODES; i++) {
            form.decode(decoder, source, 0, source.capacity(), DecoderHarness.RECEIVED_MILLIS, sink, 0, result);
        }
    }
}
