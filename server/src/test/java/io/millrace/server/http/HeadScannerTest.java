package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.IntPredicate;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What is read eight bytes at a time is what is read byte by byte, at every place and length, and never beyond the end. */
class HeadScannerTest {
    private static final int ROUNDS = 200_000;
    private static final int LONGEST = 70;
    private static final String PLAIN = "abcxyzABCXYZ-";
    private static final String OTHERS = "019._/:?#@ ~!\t\r\n\0\u007f\u0080\u00a0\u00ff";

    private final Random random = new Random(20_260_101);
    private final HeadScanner scanner = new HeadScanner();
    private final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * LONGEST));
    private final UnsafeBuffer heap = new UnsafeBuffer(new byte[2 * LONGEST]);

    @Test
    void shouldStopWhereAByteLoopStops() {
        for (int round = 0; round < ROUNDS; round++) {
            final UnsafeBuffer buffer = fill(random.nextInt(12));
            final int from = random.nextInt(LONGEST);
            final int end = from + random.nextInt(LONGEST);
            final String text = text(buffer);
            assertThat(HeadScanner.skipTarget(buffer, from, end))
                    .as(text)
                    .isEqualTo(first(buffer, from, end, b -> b <= ' ' || b >= 0x7F || b == '#'));
            assertThat(HeadScanner.findQuestionMark(buffer, from, end))
                    .as(text)
                    .isEqualTo(first(buffer, from, end, b -> b == '?'));
            assertThat(HeadScanner.skipHostName(buffer, from, end))
                    .as(text)
                    .isEqualTo(first(buffer, from, end, b -> !isHostName(b)));
            assertThat(HttpBytes.skipText(buffer, from, end))
                    .as(text)
                    .isEqualTo(first(buffer, from, end, b -> (b < ' ' && b != '\t') || b == 0x7F));
        }
    }

    @Test
    void shouldFindAFieldLineOnlyWhereThereIsOne() {
        int found = 0;
        for (int round = 0; round < ROUNDS; round++) {
            final UnsafeBuffer buffer = fill(random.nextInt(3));
            final int from = random.nextInt(LONGEST);
            final int end = from + random.nextInt(LONGEST);
            if (end - from > 4) {
                buffer.putByte(from + random.nextInt(end - from), (byte) ':');
                buffer.putStringWithoutLengthAscii(from + random.nextInt(end - from - 1), "\r\n");
            }
            final int lineEnd = first(buffer, from, end, b -> b < ' ' || b >= 0x7F);
            final int nameEnd = first(buffer, from, end, b -> b >= 0x80 || (!Character.isLetter(b) && b != '-'));
            final boolean line = lineEnd < end - 1
                    && buffer.getByte(lineEnd) == '\r'
                    && buffer.getByte(lineEnd + 1) == '\n'
                    && nameEnd > from
                    && nameEnd - from < 24
                    && buffer.getByte(nameEnd) == ':'
                    && end - from >= 24;
            assertThat(scanner.fieldLine(buffer, from, end))
                    .as("%s from %d to %d", text(buffer), from, end)
                    .isEqualTo(line ? lineEnd : HeadScanner.UNCOMMON);
            if (line) {
                found++;
                assertThat(scanner.nameLength()).isEqualTo(nameEnd - from);
                assertThat((byte) scanner.firstByte()).isEqualTo(buffer.getByte(from));
            }
        }
        assertThat(found).as("lines among the rounds").isGreaterThan(ROUNDS / 100);
    }

    @Test
    void shouldNotLookBehindTheEnd() {
        for (int length = 0; length < LONGEST; length++) {
            for (final String behind : new String[] {"#", "?", "\r\n", "a", "\u00ff"}) {
                direct.setMemory(0, direct.capacity(), (byte) 'a');
                direct.putBytes(length, behind.repeat(LONGEST).getBytes(ISO_8859_1), 0, LONGEST);
                assertThat(HeadScanner.skipTarget(direct, 0, length)).isEqualTo(length);
                assertThat(HeadScanner.findQuestionMark(direct, 0, length)).isEqualTo(length);
                assertThat(HeadScanner.skipHostName(direct, 0, length)).isEqualTo(length);
                assertThat(scanner.fieldLine(direct, 0, length)).isEqualTo(HeadScanner.UNCOMMON);
            }
        }
    }

    @Test
    void shouldSeeEveryDifference() {
        final UnsafeBuffer other = new UnsafeBuffer(new byte[2 * LONGEST]);
        for (int length = 0; length < LONGEST; length++) {
            final UnsafeBuffer buffer = fill(12);
            other.putBytes(3, buffer, 5, length);
            assertThat(HeadScanner.equal(buffer, 5, other, 3, length)).isTrue();
            for (int i = 0; i < length; i++) {
                final byte same = other.getByte(3 + i);
                other.putByte(3 + i, (byte) (same ^ (1 << random.nextInt(8))));
                assertThat(HeadScanner.equal(buffer, 5, other, 3, length)).isFalse();
                other.putByte(3 + i, same);
            }
        }
    }

    @Test
    void shouldRefuseARangeOutsideOfTheBuffer() {
        final int capacity = direct.capacity();
        for (final int[] range : new int[][] {{-1, 10}, {0, capacity + 1}, {capacity - 8, capacity + 8}, {9, 8}}) {
            assertThatThrownBy(() -> HeadScanner.skipTarget(direct, range[0], range[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> HeadScanner.findQuestionMark(direct, range[0], range[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> HeadScanner.skipHostName(direct, range[0], range[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> scanner.fieldLine(direct, range[0], range[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> HeadScanner.equal(direct, 0, heap, capacity - 3, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> HeadScanner.equal(direct, capacity - 3, heap, 0, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** One of the two kinds of buffer, with about so many bytes of each hundred that are not plain. */
    private UnsafeBuffer fill(final int others) {
        final UnsafeBuffer buffer = random.nextBoolean() ? direct : heap;
        for (int i = 0; i < buffer.capacity(); i++) {
            final String from = random.nextInt(100) < others ? OTHERS : PLAIN;
            buffer.putByte(i, (byte) from.charAt(random.nextInt(from.length())));
        }
        return buffer;
    }

    private static int first(final UnsafeBuffer buffer, final int from, final int end, final IntPredicate stops) {
        for (int i = from; i < end; i++) {
            if (stops.test(buffer.getByte(i) & 0xFF)) {
                return i;
            }
        }
        return end;
    }

    private static boolean isHostName(final int b) {
        return b < 0x80 && (Character.isLetterOrDigit(b) || b == '-' || b == '.');
    }

    private static String text(final UnsafeBuffer buffer) {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);
        return new String(bytes, ISO_8859_1);
    }
}
