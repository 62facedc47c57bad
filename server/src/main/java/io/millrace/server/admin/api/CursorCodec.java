package io.millrace.server.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.storage.postgres.query.AggregateCursor;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/**
 * The text of a page's cursor, which clients hand back as they got it: in the base64 of URLs, a version (1 byte), the
 * window's start (8 bytes, microseconds since the epoch, which is all that PostgreSQL keeps), the length of the action (2
 * bytes), the action, the element. Stateless.
 */
final class CursorCodec {
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 11;

    private CursorCodec() {}

    static String encode(final AggregateCursor cursor) {
        final byte[] action = cursor.action().getBytes(UTF_8);
        final byte[] element = cursor.element().getBytes(UTF_8);
        final ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + action.length + element.length);
        buffer.put(VERSION);
        buffer.putLong(ChronoUnit.MICROS.between(Instant.EPOCH, cursor.windowStart()));
        buffer.putShort((short) action.length);
        buffer.put(action).put(element);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
    }

    /**
     * Reads a cursor.
     *
     * @throws IllegalArgumentException if {@link #encode} never wrote such a text
     */
    static AggregateCursor decode(final String text) {
        try {
            final ByteBuffer buffer = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (buffer.get() != VERSION) {
                throw new IllegalArgumentException("another version");
            }
            final Instant windowStart = Instant.EPOCH.plus(buffer.getLong(), ChronoUnit.MICROS);
            final int actionLength = Short.toUnsignedInt(buffer.getShort());
            if (actionLength > buffer.remaining()) {
                throw new IllegalArgumentException("cut short");
            }
            final String action = text(buffer.slice(buffer.position(), actionLength));
            final String element = text(buffer.position(buffer.position() + actionLength));
            return new AggregateCursor(windowStart, action, element);
        } catch (final BufferUnderflowException | CharacterCodingException e) {
            throw new IllegalArgumentException("cut short, or not UTF-8", e);
        }
    }

    private static String text(final ByteBuffer bytes) throws CharacterCodingException {
        final String text = UTF_8.newDecoder().decode(bytes).toString();
        if (text.isEmpty() || text.indexOf(0) >= 0) {
            throw new IllegalArgumentException("no such text is stored");
        }
        return text;
    }
}
