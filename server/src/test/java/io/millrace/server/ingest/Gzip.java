package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Makes gzip members by RFC 1952, with each of its fields or without, right or wrong. */
public final class Gzip {
    public static final int FTEXT = 0x01;
    public static final int FHCRC = 0x02;
    public static final int FEXTRA = 0x04;
    public static final int FNAME = 0x08;
    public static final int FCOMMENT = 0x10;

    private static final int LENGTH_OF_CHECKSUM = 4;

    private Gzip() {}

    /** A plain member. */
    public static byte[] member(final byte[] content) {
        return member(content, 0, Deflater.DEFAULT_COMPRESSION);
    }

    /** The same for text of one byte a character; the member likewise. */
    public static String member(final String content) {
        return new String(member(content.getBytes(ISO_8859_1)), ISO_8859_1);
    }

    /** A member with the fields that the flags tell of. */
    public static byte[] member(final byte[] content, final int flags, final int level) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header(flags));
        out.writeBytes(deflated(content, level));
        out.writeBytes(trailer(checksum(content), content.length));
        return out.toByteArray();
    }

    public static byte[] header(final int flags) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, (byte) flags, 1, 2, 3, 4, 0, 3});
        if ((flags & FEXTRA) != 0) {
            out.writeBytes(new byte[] {7, 0, 'a', 'b', 3, 0, 0, 1, 2});
        }
        if ((flags & FNAME) != 0) {
            out.writeBytes("events.ndjson\0".getBytes(ISO_8859_1));
        }
        if ((flags & FCOMMENT) != 0) {
            out.writeBytes("caf\u00e9\0".getBytes(ISO_8859_1));
        }
        if ((flags & FHCRC) != 0) {
            final int crc = checksum(out.toByteArray());
            out.write(crc);
            out.write(crc >>> Byte.SIZE);
        }
        return out.toByteArray();
    }

    public static byte[] deflated(final byte[] content, final int level) {
        final Deflater deflater = new Deflater(level, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            final byte[] piece = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(piece, 0, deflater.deflate(piece));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    public static byte[] trailer(final int checksum, final int size) {
        return ByteBuffer.allocate(2 * LENGTH_OF_CHECKSUM)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(checksum)
                .putInt(size)
                .array();
    }

    public static int checksum(final byte[] content) {
        final CRC32 crc = new CRC32();
        crc.update(content);
        return (int) crc.getValue();
    }

    /** All of them in a row. */
    public static byte[] join(final byte[]... parts) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (final byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
