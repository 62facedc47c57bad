package io.millrace.server.http;

import java.nio.ByteOrder;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Runs over the bytes of a head eight at a time, to the first that ends a name, a target or a line.
 *
 * <p>It reads without Agrona's check of each access. That nothing outside of the buffer is read holds for each method by itself:
 *
 * <ol>
 *   <li>It begins with {@code boundsCheck(from, end - from)}, which throws unless 0 ≤ from ≤ end ≤ capacity.
 *   <li>It reads eight bytes only from an index between {@code from} and {@code end - 8}, and one only from an index between
 *       {@code from} and {@code end - 1}: its index begins at {@code from} and never shrinks below it, and is compared with
 *       {@code end} before each read, or with a bound for several reads.
 *   <li>Array, address and capacity of the view stay what they are meanwhile: it belongs to one thread, which is here.
 * </ol>
 *
 * <p>Marks are the highest bits of the bytes of a word. The lowest one is exact; higher ones may come from a carry or a borrow
 * below them, and do not matter. The loops end at their bottom on what they read, not on a count: HotSpot would make two loops
 * of a counted one, which costs more here than it gains ({@code RequestBenchmark}).
 *
 * @see <a href="https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord">a byte less than n in a word</a>
 */
final class HeadScanner {
    /** The line is not one of the common form; whether it is one at all is to be found out byte by byte. */
    static final int UNCOMMON = -1;

    private static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
    private static final int WORD = Long.BYTES;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final short CRLF = 0x0A0D;

    private int nameLength;
    private int firstByte;

    /** Of the name in the line that {@link #fieldLine} found, its first byte in the lowest eight bits. */
    int nameLength() {
        return nameLength;
    }

    /** The first byte of the line that {@link #fieldLine} found; more bytes of the line are above it. */
    int firstByte() {
        return firstByte;
    }

    /**
     * Finds the CRLF of a field's line of the common form: a name of up to 23 letters and hyphens, a colon, bytes from SP to
     * ~, and CRLF, at least 24 bytes before {@code end}.
     *
     * @return its index, or {@link #UNCOMMON}
     */
    int fieldLine(final UnsafeBuffer buffer, final int from, final int end) {
        buffer.boundsCheck(from, end - from);
        if (end - from < 3 * WORD) {
            return UNCOMMON;
        }
        final byte[] array = buffer.byteArray();
        final long base = buffer.addressOffset();
        final long line = base + from;
        final long last = base + end - WORD;

        long at = line;
        long word = word(array, at);
        firstByte = (int) word;
        long marks = neitherLetterNorHyphen(word);
        if (marks == 0) {
            at += WORD;
            word = word(array, at);
            marks = neitherLetterNorHyphen(word);
            if (marks == 0) {
                at += WORD;
                word = word(array, at);
                marks = neitherLetterNorHyphen(word);
                if (marks == 0) {
                    return UNCOMMON;
                }
            }
        }
        final long colon = at + firstMark(marks);
        nameLength = (int) (colon - line);

        // Goes on with the word of the colon, not behind the colon: so that it need not wait for the place of the
        // colon.
        while (true) {
            marks = notPrintable(word) & HIGHS;
            if (marks != 0) {
                break;
            }
            at += WORD;
            if (at > last) {
                if (at == last + WORD) {
                    return UNCOMMON;
                }
                // The last eight bytes, some of them for the second time.
                at = last;
            }
            word = word(array, at);
        }
        final long lineEnd = at + firstMark(marks);
        final boolean common = lineEnd <= last + WORD - 2
                && character(array, lineEnd) == CRLF
                && colon > line
                && UnsafeApi.getByte(array, colon) == ':';
        return common ? (int) (lineEnd - base) : UNCOMMON;
    }

    /** The first index from {@code from} on whose byte is none of a target; {@code end} if there is none. */
    static int skipTarget(final UnsafeBuffer buffer, final int from, final int end) {
        buffer.boundsCheck(from, end - from);
        final byte[] array = buffer.byteArray();
        final long base = buffer.addressOffset();
        if (end - from < WORD) {
            int i = from;
            while (i < end && HttpBytes.isTarget(UnsafeApi.getByte(array, base + i))) {
                i++;
            }
            return i;
        }
        final long last = base + end - WORD;
        long at = base + from;
        while (true) {
            final long marks = noTarget(word(array, at)) & HIGHS;
            if (marks != 0) {
                return (int) (at - base) + firstMark(marks);
            }
            at += WORD;
            if (at > last) {
                if (at == last + WORD) {
                    return end;
                }
                // The last eight bytes, some of them for the second time.
                at = last;
            }
        }
    }

    /** The first index from {@code from} on that holds a question mark; {@code end} if there is none. */
    static int findQuestionMark(final UnsafeBuffer buffer, final int from, final int end) {
        buffer.boundsCheck(from, end - from);
        final byte[] array = buffer.byteArray();
        final long base = buffer.addressOffset();
        int i = from;
        if (end - from >= WORD) {
            final int last = end - WORD;
            long marks;
            do {
                marks = questionMarks(word(array, base + i));
                i += WORD;
            } while (marks == 0 && i <= last);
            if (marks == 0) {
                i = end;
                marks = questionMarks(word(array, base + last));
            }
            return marks == 0 ? end : i - WORD + firstMark(marks);
        }
        while (i < end && UnsafeApi.getByte(array, base + i) != '?') {
            i++;
        }
        return i;
    }

    /** The first index from {@code from} on whose byte is no letter, digit, hyphen or dot; {@code end} if there is none. */
    static int skipHostName(final UnsafeBuffer buffer, final int from, final int end) {
        buffer.boundsCheck(from, end - from);
        final byte[] array = buffer.byteArray();
        final long base = buffer.addressOffset();
        int i = from;
        if (end - from >= WORD) {
            final int last = end - WORD;
            long marks;
            do {
                marks = noHostName(word(array, base + i));
                i += WORD;
            } while (marks == 0 && i <= last);
            if (marks == 0) {
                i = end;
                marks = noHostName(word(array, base + last));
            }
            return marks == 0 ? end : i - WORD + firstMark(marks);
        }
        while (i < end && HttpBytes.isHostName(UnsafeApi.getByte(array, base + i))) {
            i++;
        }
        return i;
    }

    /** Whether these bytes of the buffers are equal. Looks at all of them, even if the first ones differ. */
    static boolean equal(
            final UnsafeBuffer buffer,
            final int from,
            final UnsafeBuffer other,
            final int otherFrom,
            final int length) {
        buffer.boundsCheck(from, length);
        other.boundsCheck(otherFrom, length);
        final byte[] array = buffer.byteArray();
        final byte[] otherArray = other.byteArray();
        final long base = buffer.addressOffset() + from;
        final long otherBase = other.addressOffset() + otherFrom;
        long differences = 0;
        int i = 0;
        for (; i <= length - 4 * WORD; i += 4 * WORD) {
            differences |= (word(array, base + i) ^ word(otherArray, otherBase + i))
                    | (word(array, base + i + WORD) ^ word(otherArray, otherBase + i + WORD))
                    | (word(array, base + i + 2 * WORD) ^ word(otherArray, otherBase + i + 2 * WORD))
                    | (word(array, base + i + 3 * WORD) ^ word(otherArray, otherBase + i + 3 * WORD));
        }
        for (; i <= length - WORD; i += WORD) {
            differences |= word(array, base + i) ^ word(otherArray, otherBase + i);
        }
        for (; i < length; i++) {
            differences |= UnsafeApi.getByte(array, base + i) ^ UnsafeApi.getByte(otherArray, otherBase + i);
        }
        return differences == 0;
    }

    /** Marks all but letters and hyphens, of which nearly all names of fields consist. */
    private static long neitherLetterNorHyphen(final long word) {
        final long lower = word | (ONES * 0x20);
        final long noLetters = ~(lower + ONES * (0x80 - 'a')) | (lower + ONES * (0x80 - 'z' - 1));
        final long noHyphens = (word ^ (ONES * '-')) + ONES * 0x7F;
        return ((noLetters & noHyphens) | word) & HIGHS;
    }

    private static long questionMarks(final long word) {
        final long others = word ^ (ONES * '?');
        return (others - ONES) & ~others & HIGHS;
    }

    /** Marks control bytes, DEL and all from 0x80 on. */
    private static long notPrintable(final long word) {
        return (word - ONES * ' ') | (word + ONES);
    }

    /** Marks control bytes, SP, the number sign, DEL and all from 0x80 on. */
    private static long noTarget(final long word) {
        return (word - ONES * '!') | (word + ONES) | ((word ^ (ONES * '#')) - ONES);
    }

    /** Marks all but letters, digits, hyphens and dots. Exact in every byte: nothing carries. */
    private static long noHostName(final long word) {
        final long low = word & ~HIGHS;
        final long lower = low | (ONES * 0x20);
        final long letters = (lower + ONES * (0x80 - 'a')) & ~(lower + ONES * (0x80 - 'z' - 1));
        // From the hyphen to the nine there is one more, the slash.
        final long others =
                (low + ONES * (0x80 - '-')) & ~(low + ONES * (0x80 - '9' - 1)) & ((low ^ (ONES * '/')) + ONES * 0x7F);
        return ~((letters | others) & ~word) & HIGHS;
    }

    private static int firstMark(final long marks) {
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }

    private static long word(final byte[] array, final long address) {
        final long word = UnsafeApi.getLong(array, address);
        return BIG_ENDIAN ? Long.reverseBytes(word) : word;
    }

    private static short character(final byte[] array, final long address) {
        final short character = UnsafeApi.getShort(array, address);
        return BIG_ENDIAN ? Short.reverseBytes(character) : character;
    }
}
