package io.millrace.server.ingest;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.zip.CRC32;
import org.agrona.DirectBuffer;

/**
 * The header of a gzip member. Stateless.
 *
 * <pre>
 *   0         1         2         3         4                   8         9         10
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 *   |  0x1F   |  0x8B   | CM = 8  |   FLG   |   MTIME (4)       |   XFL   |   OS    |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 *   FEXTRA: XLEN (2) and as many bytes; FNAME, FCOMMENT: text and a zero; FHCRC: CRC16 (2) of all before it
 * </pre>
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952#section-2.3">RFC 1952, 2.3: Member format</a>
 */
final class GzipHeader {
    /** Returned for what is no header, or not the whole of one. */
    static final int INVALID = -1;

    private static final int MIN_LENGTH = 10;
    private static final int MAGIC = 0x8B1F;
    private static final int CM_OFFSET = 2;
    private static final int DEFLATE = 8;
    private static final int FLG_OFFSET = 3;
    private static final int FHCRC = 0x02;
    private static final int FEXTRA = 0x04;
    private static final int FNAME = 0x08;
    private static final int FCOMMENT = 0x10;
    private static final int RESERVED = 0xE0;

    private GzipHeader() {}

    /**
     * Checks the header of the member that begins at {@code from}.
     *
     * @param end the index behind the last byte that may be read
     * @param crc scratch
     * @return the index behind the header, or {@link #INVALID}
     */
    static int skip(final DirectBuffer source, final int from, final int end, final CRC32 crc) {
        if (end - from < MIN_LENGTH
                || unsignedShort(source, from) != MAGIC
                || source.getByte(from + CM_OFFSET) != DEFLATE) {
            return INVALID;
        }
        final int flags = source.getByte(from + FLG_OFFSET);
        if ((flags & RESERVED) != 0) {
            // 2.3.1.2: they may mean a field that would be taken for data.
            return INVALID;
        }
        int at = from + MIN_LENGTH;
        if ((flags & FEXTRA) != 0) {
            at = skipExtra(source, at, end);
        }
        if ((flags & FNAME) != 0) {
            at = skipText(source, at, end);
        }
        if ((flags & FCOMMENT) != 0) {
            at = skipText(source, at, end);
        }
        return (flags & FHCRC) == 0 ? at : skipChecksum(source, from, at, end, crc);
    }

    private static int skipExtra(final DirectBuffer source, final int at, final int end) {
        if (end - at < Short.BYTES) {
            return INVALID;
        }
        final int data = at + Short.BYTES;
        final int length = unsignedShort(source, at);
        return end - data < length ? INVALID : data + length;
    }

    private static int skipText(final DirectBuffer source, final int from, final int end) {
        if (from == INVALID) {
            return INVALID;
        }
        int at = from;
        while (at < end && source.getByte(at) != 0) {
            at++;
        }
        return at == end ? INVALID : at + 1;
    }

    private static int skipChecksum(
            final DirectBuffer source, final int from, final int at, final int end, final CRC32 crc) {
        if (at == INVALID || end - at < Short.BYTES) {
            return INVALID;
        }
        crc.reset();
        for (int i = from; i < at; i++) {
            crc.update(source.getByte(i));
        }
        return (crc.getValue() & 0xFFFF) == unsignedShort(source, at) ? at + Short.BYTES : INVALID;
    }

    private static int unsignedShort(final DirectBuffer source, final int index) {
        return source.getShort(index, LITTLE_ENDIAN) & 0xFFFF;
    }
}
