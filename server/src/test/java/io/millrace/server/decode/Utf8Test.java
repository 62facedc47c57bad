package io.millrace.server.decode;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class Utf8Test {
    /** The bounds of all ranges of table 3-7, and their neighbours. */
    private static final int[] EDGES = {
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
        0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
    };

    private final CharsetDecoder decoder = UTF_8.newDecoder();
    private final CharBuffer characters = CharBuffer.allocate(8);

    private boolean isWellFormed(final byte[] bytes, final int length) {
        decoder.reset();
        characters.clear();
        return !decoder.decode(ByteBuffer.wrap(bytes, 0, length), characters, true)
                .isError();
    }

    @Test
    void shouldPutAndAcceptEveryCodePoint() {
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(Long.BYTES));
        final Window window = new Window();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                continue;
            }
            final byte[] expected = Character.toString(codePoint).getBytes(UTF_8);
            final int length = Utf8.length(codePoint);
            buffer.putLong(0, Utf8.encode(codePoint), LITTLE_ENDIAN);
            window.wrap(buffer, 0, Long.BYTES);
            boolean agreed = length == expected.length && length == Utf8.sequenceLength(window, 0);
            window.limit(length);
            agreed &= length == Utf8.sequenceLength(window, 0);
            window.limit(length - 1);
            agreed &= length == 1 || Utf8.sequenceLength(window, 0) == Utf8.MALFORMED;
            if (!agreed) {
                throw new AssertionError("U+" + Integer.toHexString(codePoint));
            }
            for (int i = 0; i < Long.BYTES; i++) {
                assertThat(buffer.getByte(i) == (i < length ? expected[i] : 0)).isTrue();
            }
        }
    }

    @Test
    void shouldAgreeWithTheJdkOnTwoBytes() {
        final byte[] bytes = new byte[2];
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                bytes[0] = (byte) first;
                bytes[1] = (byte) second;
                assertAgreement(bytes);
            }
        }
    }

    @Test
    void shouldAgreeWithTheJdkOnFourBytesAtTheEdges() {
        final byte[] bytes = new byte[4];
        for (int first = 0; first < 256; first++) {
            for (final int second : EDGES) {
                for (final int third : EDGES) {
                    for (final int fourth : EDGES) {
                        bytes[0] = (byte) first;
                        bytes[1] = (byte) second;
                        bytes[2] = (byte) third;
                        bytes[3] = (byte) fourth;
                        assertAgreement(bytes);
                    }
                }
            }
        }
    }

    private void assertAgreement(final byte[] bytes) {
        final Window window = Windows.of(bytes);
        int at = 0;
        while (at < bytes.length) {
            final int length = Utf8.sequenceLength(window, at);
            if (length == Utf8.MALFORMED) {
                break;
            }
            at += length;
        }
        int state = Utf8.BOUNDARY;
        for (int i = 0; i < bytes.length && state != Utf8.REJECT; i++) {
            state = Utf8.step(state, bytes[i] & 0xFF);
        }
        final boolean expected = isWellFormed(bytes, bytes.length);
        if ((at == bytes.length) != expected || (state == Utf8.BOUNDARY) != expected) {
            throw new AssertionError(java.util.HexFormat.of().formatHex(bytes));
        }
    }
}
