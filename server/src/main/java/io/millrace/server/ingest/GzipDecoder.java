package io.millrace.server.ingest;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.millrace.server.http.Accumulator;
import io.millrace.server.http.BodyBudget;
import io.millrace.server.http.Refusal;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Undoes {@code Content-Encoding: gzip}, and believes nothing of it: every field of header and trailer is checked, and not a
 * byte is inflated beyond the first that is too much. What is inflated is paid for from the process's budget until it is
 * {@linkplain #release() released}.
 *
 * <p>Not thread-safe: one per event loop. Allocates nothing per body but a pooled buffer; an exception if it is corrupt.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952: GZIP file format</a>
 */
public final class GzipDecoder implements AutoCloseable {
    private static final int INPUT_BYTES = 8192;
    private static final int OUTPUT_BYTES = 32768;
    private static final int CRC_LENGTH = 4;
    private static final int TRAILER_LENGTH = 8;

    /** Deflate makes 258 bytes of two bits at best. */
    private static final int MAX_RATIO = 1032;

    private final int maxBytes;
    private final Accumulator decoded;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    // Direct: while zlib works on an array of the heap, no collection of garbage can begin.
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);
    private final ByteBuffer output = ByteBuffer.allocateDirect(OUTPUT_BYTES);

    /** Which part of the source is in {@link #input}. */
    private int windowStart;

    private int windowEnd;
    private Refusal refusal;

    /**
     * Makes a decoder.
     *
     * @param maxBytes what a body may become
     */
    public GzipDecoder(final int maxBytes, final BodyBudget budget) {
        this.maxBytes = maxBytes;
        decoded = new Accumulator(PooledByteBufAllocator.DEFAULT, budget, maxBytes);
    }

    /**
     * Decodes a whole body: one member, or several in a row, which count as one (2.2).
     *
     * @return null if {@link #bytes()} has it, or why it is refused
     */
    public Refusal decode(final DirectBuffer source, final int offset, final int length) {
        final int end = offset + length;
        refusal = null;
        windowStart = offset;
        windowEnd = offset;
        if (!decoded.tryReserve(expectedBytes(source, offset, length))) {
            return Refusal.OVERLOADED;
        }
        int at = offset;
        do {
            at = decodeMember(source, at, end);
        } while (refusal == null && at < end);
        return refusal;
    }

    /** The decoded body, from index 0 on; valid until it is released. */
    public UnsafeBuffer bytes() {
        return decoded.view();
    }

    /** How many bytes the decoded body has. */
    public int length() {
        return decoded.length();
    }

    /** Gives the memory back. */
    public void release() {
        decoded.clear();
    }

    /** Ends zlib's part, which is outside the heap. */
    @Override
    public void close() {
        inflater.end();
    }

    /** What the last four bytes say, if that is possible: right for a body of one member. A guess, so it only reserves. */
    private int expectedBytes(final DirectBuffer source, final int offset, final int length) {
        if (length < TRAILER_LENGTH) {
            return 0;
        }
        final long size = source.getInt(offset + length - Integer.BYTES, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
        return size <= Math.min(maxBytes, (long) MAX_RATIO * length) ? (int) size : 0;
    }

    /** Returns the index behind the member, unless it is refused. */
    private int decodeMember(final DirectBuffer source, final int from, final int end) {
        final int data = GzipHeader.skip(source, from, end, crc);
        if (data == GzipHeader.INVALID) {
            return refuse(Refusal.INVALID_ENCODING);
        }
        final int start = decoded.length();
        crc.reset();
        inflater.reset();
        feed(source, data, end);
        try {
            inflate(source, end);
        } catch (final DataFormatException e) {
            refuse(Refusal.INVALID_ENCODING);
        }
        return refusal == null ? skipTrailer(source, position(), end, decoded.length() - start) : end;
    }

    private void inflate(final DirectBuffer source, final int end) throws DataFormatException {
        while (refusal == null && !inflater.finished()) {
            // One byte more than may be: it tells a body that is too large from one that is just as large as allowed.
            output.clear().limit((int) Math.min(OUTPUT_BYTES, maxBytes - decoded.length() + 1L));
            final int inflated = inflater.inflate(output);
            if (inflated > 0) {
                keep(inflated);
            } else if (!inflater.finished()) {
                if (input.hasRemaining() || windowEnd == end) {
                    refuse(Refusal.INVALID_ENCODING);
                } else {
                    feed(source, windowEnd, end);
                }
            }
        }
    }

    private void keep(final int inflated) {
        final int end = decoded.length();
        if (inflated > maxBytes - end) {
            refuse(Refusal.DECODED_BODY_TOO_LARGE);
        } else if (!decoded.tryReserve(inflated)) {
            refuse(Refusal.OVERLOADED);
        } else {
            crc.update(output.flip());
            decoded.view().putBytes(end, output, 0, inflated);
            decoded.length(end + inflated);
        }
    }

    /** Gives zlib the bytes from there on: what is in the window of them, else the next window. */
    private void feed(final DirectBuffer source, final int from, final int end) {
        if (from < windowStart || from >= windowEnd) {
            windowStart = from;
            windowEnd = from + Math.min(INPUT_BYTES, end - from);
            source.getBytes(from, input, 0, windowEnd - from);
        }
        input.limit(windowEnd - windowStart).position(from - windowStart);
        inflater.setInput(input);
    }

    /** The index in the source of the first byte that zlib did not take. */
    private int position() {
        return windowStart + input.position();
    }

    /** 2.3.1: CRC32 and ISIZE of what was compressed. */
    private int skipTrailer(final DirectBuffer source, final int at, final int end, final int size) {
        if (end - at < TRAILER_LENGTH
                || source.getInt(at, LITTLE_ENDIAN) != (int) crc.getValue()
                || source.getInt(at + CRC_LENGTH, LITTLE_ENDIAN) != size) {
            return refuse(Refusal.INVALID_ENCODING);
        }
        return at + TRAILER_LENGTH;
    }

    /** Ends the decoding: there is nothing to go on with. */
    private int refuse(final Refusal reason) {
        refusal = reason;
        return -1;
    }
}
