package io.millrace.bench.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.event.EventLimits;
import org.agrona.MutableDirectBuffer;

/**
 * Checks what another parser found and writes it in the layout of {@link EventLayout}: the work that
 * {@link io.millrace.server.decode.EventDecoder} does, for its peers.
 *
 * <p>Not thread-safe.
 */
final class EventSink {
    private static final int FIELDS = 3;
    private static final int[] MAX_BYTES = {
        EventLimits.MAX_USER_BYTES, EventLimits.MAX_ACTION_BYTES, EventLimits.MAX_ELEMENT_BYTES
    };

    private final long maxAgeMillis;
    private final long maxAheadMillis;
    private final char[][] texts = new char[FIELDS][4 * EventLimits.MAX_ELEMENT_BYTES];
    private final int[] lengths = new int[FIELDS];
    private long timestampMillis;

    EventSink(final long maxAgeMillis, final long maxAheadMillis) {
        this.maxAgeMillis = maxAgeMillis;
        this.maxAheadMillis = maxAheadMillis;
    }

    void clear(final long receivedMillis) {
        for (int i = 0; i < FIELDS; i++) {
            lengths[i] = 0;
        }
        timestampMillis = receivedMillis;
    }

    /** Takes the value of field {@code i}: user, action, element. */
    void text(final int i, final char[] chars, final int offset, final int length) {
        System.arraycopy(chars, offset, texts[i], 0, length);
        lengths[i] = length;
    }

    /** Likewise from a string. */
    void text(final int i, final String text) {
        text.getChars(0, text.length(), texts[i], 0);
        lengths[i] = text.length();
    }

    void timestamp(final long millis) {
        timestampMillis = millis;
    }

    /** Returns the bytes written, or 0 if the event is not sound. */
    int put(final MutableDirectBuffer buffer, final int offset, final long receivedMillis) {
        if (timestampMillis < 0 || receivedMillis - timestampMillis > maxAgeMillis) {
            return 0;
        }
        final long millis = timestampMillis - receivedMillis > maxAheadMillis ? receivedMillis : timestampMillis;
        int at = offset + EventLayout.HEADER_LENGTH;
        final int user = at;
        at = putText(0, buffer, at);
        final int action = at;
        at = putText(1, buffer, at);
        final int element = at;
        at = putText(2, buffer, at);
        if (!fits(0, action - user) || !fits(1, element - action) || !fits(2, at - element)) {
            return 0;
        }
        return EventLayout.putHeader(buffer, offset, millis, action - user, element - action, at - element, 0);
    }

    private static boolean fits(final int i, final int bytes) {
        return bytes > 0 && bytes <= MAX_BYTES[i];
    }

    private int putText(final int i, final MutableDirectBuffer buffer, final int offset) {
        final char[] text = texts[i];
        final int length = lengths[i];
        for (int k = 0; k < length; k++) {
            final char c = text[k];
            if (c == 0 || c >= 0x80) {
                final byte[] utf8 = new String(text, 0, length).getBytes(UTF_8);
                buffer.putBytes(offset, utf8);
                return offset + utf8.length;
            }
            buffer.putByte(offset + k, (byte) c);
        }
        return offset + length;
    }
}
