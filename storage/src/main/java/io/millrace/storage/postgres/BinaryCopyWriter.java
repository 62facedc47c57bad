package io.millrace.storage.postgres;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.sql.SQLException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encodes rows in PostgreSQL's binary COPY format into one buffer, and passes it on whenever it is full.
 *
 * <p>The format: a signature, then for each row the number of its fields (int16) and for each field its length in bytes
 * (int32) and its bytes as the type's send function writes them, at the end -1 for a number of fields; all big-endian. An
 * array field holds the number of dimensions, a flag for nulls, the element type's OID, the dimension's size and lower
 * bound, then the elements, each with its length. Sources: "Binary Format" in the PostgreSQL manual's page of COPY, and
 * array_recv in its source.
 *
 * <p>Not thread-safe. Allocates nothing after construction.
 */
final class BinaryCopyWriter {
    /** Below 64 KiB the driver's overhead for each chunk shows. */
    static final int CHUNK_BYTES = 128 * 1024;

    static final int TEXT_OID = 25;
    static final int INT4_OID = 23;

    /** Bytes of an array field before its first element. */
    static final int ARRAY_HEADER_BYTES = 5 * Integer.BYTES;

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final long POSTGRES_EPOCH_MILLIS = 946_684_800_000L; // 2000-01-01T00:00:00Z
    private static final long MICROS_PER_MILLI = 1_000;

    /** Takes a chunk; the bytes are valid during the call only. */
    @FunctionalInterface
    interface Sink {
        void accept(byte[] bytes, int offset, int length) throws SQLException;
    }

    private final byte[] bytes = new byte[CHUNK_BYTES];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private Sink sink;
    private int position;

    /** Begins a COPY. Whatever an earlier one left behind is dropped. */
    void begin(final Sink sink) throws SQLException {
        this.sink = sink;
        position = 0;
        putRaw(SIGNATURE, 0, SIGNATURE.length);
        putRawInt(0);
        putRawInt(0);
    }

    void startRow(final int fields) throws SQLException {
        putRawShort(fields);
    }

    void putInt(final int value) throws SQLException {
        putRawInt(Integer.BYTES);
        putRawInt(value);
    }

    void putLong(final long value) throws SQLException {
        putRawInt(Long.BYTES);
        ensure(Long.BYTES);
        buffer.putLong(position, value, BIG_ENDIAN);
        position += Long.BYTES;
    }

    /**
     * Puts a {@code timestamptz}.
     *
     * @param epochMillis the time, by the Unix epoch
     */
    void putTimestamp(final long epochMillis) throws SQLException {
        putLong((epochMillis - POSTGRES_EPOCH_MILLIS) * MICROS_PER_MILLI);
    }

    /** Puts UTF-8 as a field of type text or an element of an array of them, or any bytes as a field of type bytea. */
    void putBytes(final byte[] source, final int offset, final int length) throws SQLException {
        putRawInt(length);
        putRaw(source, offset, length);
    }

    /**
     * Begins an array of one dimension and no nulls; the elements follow.
     *
     * @param elementBytes what the elements take together, each with the four bytes of its length
     */
    void startArray(final int elementOid, final int elements, final int elementBytes) throws SQLException {
        putRawInt(ARRAY_HEADER_BYTES + elementBytes);
        putRawInt(1);
        putRawInt(0);
        putRawInt(elementOid);
        putRawInt(elements);
        putRawInt(1);
    }

    /** Ends the COPY and passes on what is left. */
    void end() throws SQLException {
        putRawShort(-1);
        pass();
    }

    private void putRawShort(final int value) throws SQLException {
        ensure(Short.BYTES);
        buffer.putShort(position, (short) value, BIG_ENDIAN);
        position += Short.BYTES;
    }

    private void putRawInt(final int value) throws SQLException {
        ensure(Integer.BYTES);
        buffer.putInt(position, value, BIG_ENDIAN);
        position += Integer.BYTES;
    }

    private void putRaw(final byte[] source, final int offset, final int length) throws SQLException {
        int copied = 0;
        while (copied < length) {
            ensure(1);
            final int part = Math.min(length - copied, CHUNK_BYTES - position);
            System.arraycopy(source, offset + copied, bytes, position, part);
            position += part;
            copied += part;
        }
    }

    private void ensure(final int length) throws SQLException {
        if (CHUNK_BYTES - position < length) {
            pass();
        }
    }

    private void pass() throws SQLException {
        sink.accept(bytes, 0, position);
        position = 0;
    }
}
