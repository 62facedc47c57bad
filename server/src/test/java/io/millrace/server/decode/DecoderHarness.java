package io.millrace.server.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.event.EventFlyweight;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Runs the decoder on a source with hostile bytes around it, at all alignments, and into a sink that is exactly as large as the
 * claim, with guard bytes around it; both off the heap as in production, now and then on it. Checks after each run what must
 * hold for any input.
 */
final class DecoderHarness {
    static final long RECEIVED_MILLIS = 1_767_225_600_000L; // 2026-01-01T00:00:00Z
    static final long MAX_AGE_MILLIS = 30L * 24 * 60 * 60 * 1000;
    static final long MAX_AHEAD_MILLIS = 60_000L;

    private static final int GUARD_BYTES = 16;
    private static final byte GUARD = (byte) 0xA5;

    /** What a reader would go on with that looks behind the end, or before the start. */
    private static final byte[] HOSTILE = "\"9 }\\x]\n".getBytes(UTF_8);

    private final EventDecoder decoder = new EventDecoder(MAX_AGE_MILLIS, MAX_AHEAD_MILLIS);
    private final DecodeResult result = new DecodeResult();
    private final EventFlyweight flyweight = new EventFlyweight();
    private int runs;

    /** An event as text. {@code eventId} is empty if there is none. */
    record Event(String user, String action, String element, long timestampMillis, String eventId) {}

    record Rejection(int index, RejectionCode code) {}

    record Decoded(
            boolean batch,
            boolean malformed,
            List<Event> events,
            int rejected,
            List<Rejection> rejections,
            int clampedTimestamps) {
        RejectionCode onlyCode() {
            assertThat(events).isEmpty();
            assertThat(rejections).hasSize(1);
            return rejections.get(0).code();
        }

        Event onlyEvent() {
            assertThat(rejections).isEmpty();
            assertThat(events).hasSize(1);
            return events.get(0);
        }
    }

    Decoded decode(final Form form, final String text) {
        return decode(form, text.getBytes(UTF_8));
    }

    /** Each character stands for one byte, so that ill-formed UTF-8 can be written down. */
    Decoded decodeBytes(final Form form, final String bytes) {
        return decode(form, bytes.getBytes(ISO_8859_1));
    }

    Decoded decode(final Form form, final byte[] text) {
        runs++;
        final int offset = GUARD_BYTES + (runs & 7);
        final UnsafeBuffer source = buffer(offset + text.length + GUARD_BYTES, runs % 5 == 0);
        source.setMemory(0, source.capacity(), HOSTILE[runs / 8 % HOSTILE.length]);
        source.putBytes(offset, text);
        final byte[] sourceBefore = bytes(source);
        final int claim = form.maxEncodedBytes(text.length);
        final UnsafeBuffer sink = buffer(GUARD_BYTES + claim + GUARD_BYTES, runs % 7 == 0);
        sink.setMemory(0, sink.capacity(), GUARD);
        form.decode(decoder, source, offset, text.length, RECEIVED_MILLIS, sink, GUARD_BYTES, result);
        assertThat(bytes(source)).as("source is only read").isEqualTo(sourceBefore);
        for (int i = 0; i < GUARD_BYTES; i++) {
            if (sink.getByte(i) != GUARD || sink.getByte(GUARD_BYTES + claim + i) != GUARD) {
                throw new AssertionError("written outside of the claim");
            }
        }
        assertThat(result.encodedBytes()).isBetween(0, claim);
        return decoded(sink);
    }

    private static UnsafeBuffer buffer(final int length, final boolean onHeap) {
        return onHeap ? new UnsafeBuffer(new byte[length]) : new UnsafeBuffer(ByteBuffer.allocateDirect(length));
    }

    private static byte[] bytes(final UnsafeBuffer buffer) {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private Decoded decoded(final UnsafeBuffer sink) {
        final List<Event> events = new ArrayList<>();
        int at = GUARD_BYTES;
        final int end = at + result.encodedBytes();
        while (at < end) {
            assertThat(flyweight.tryWrap(sink, at, end)).isTrue();
            events.add(new Event(
                    text(sink, flyweight.userOffset(), flyweight.userLength()),
                    text(sink, flyweight.actionOffset(), flyweight.actionLength()),
                    text(sink, flyweight.elementOffset(), flyweight.elementLength()),
                    flyweight.timestampMillis(),
                    text(sink, flyweight.eventIdOffset(), flyweight.eventIdLength())));
            at += flyweight.length();
        }
        assertThat(at).isEqualTo(end);
        assertThat(events).hasSize(result.accepted());
        final List<Rejection> rejections = new ArrayList<>();
        for (int i = 0; i < result.errorCount(); i++) {
            rejections.add(new Rejection(result.errorIndex(i), result.errorCode(i)));
        }
        assertThat(rejections).hasSize(Math.min(result.rejected(), DecodeResult.MAX_ERRORS));
        long byCode = 0;
        for (final RejectionCode code : RejectionCode.values()) {
            byCode += result.rejectedWith(code);
        }
        assertThat(byCode).isEqualTo(result.rejected());
        return new Decoded(
                result.batch(), result.malformed(), events, result.rejected(), rejections, result.clampedTimestamps());
    }

    private static String text(final UnsafeBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        final String text = new String(bytes, UTF_8);
        assertThat(text.getBytes(UTF_8)).as("well-formed UTF-8").isEqualTo(bytes);
        return text;
    }
}
