package io.millrace.server.http;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes a chunked body out of its framing, byte by byte where it is framing and in one move where it is data.
 *
 * <p>Resumes at any byte. Source and destination may be the same buffer, the destination at or before the source: what is
 * decoded never overtakes what is read. Bounds: the body, the extensions of all its chunks, and the trailers, which are
 * checked like fields and dropped.
 *
 * <p>Not thread-safe: one per connection. Allocates nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, 7.1: Chunked Transfer Coding</a>
 */
final class ChunkedDecoder {
    private enum State {
        SIZE_START,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        END_LF,
        COMPLETE,
        REFUSED
    }

    private static final int MAX_SIZE_DIGITS = 16;

    /** Extensions of one body: more than anyone sends, much less than would let a body be all extensions. */
    private static final int MAX_EXTENSION_BYTES = 8192;

    private final int maxBodyBytes;
    private final int maxTrailerBytes;
    private final int maxTrailerCount;

    private final ChunkExtension extension = new ChunkExtension();

    private State state = State.SIZE_START;
    private Refusal refusal;
    private long size;
    private int sizeDigits;
    private int decoded;
    private int extensionBytes;
    private int trailerBytes;
    private int trailerCount;

    ChunkedDecoder(final HttpLimits limits) {
        maxBodyBytes = limits.bodyBytes();
        maxTrailerBytes = limits.fieldBytes();
        maxTrailerCount = limits.fieldCount();
    }

    void reset() {
        state = State.SIZE_START;
        refusal = null;
        size = 0;
        sizeDigits = 0;
        decoded = 0;
        extensionBytes = 0;
        trailerBytes = 0;
        trailerCount = 0;
    }

    boolean complete() {
        return state == State.COMPLETE;
    }

    /** Why the body is refused, or null. */
    Refusal refusal() {
        return refusal;
    }

    /** Bytes of the body so far. */
    int decodedBytes() {
        return decoded;
    }

    /**
     * Decodes until the body ends, is refused, or the bytes run out.
     *
     * @param dst where the data goes, from {@code body +} {@link #decodedBytes()} on; null to drop it
     * @param body where the body's first byte is or goes in {@code dst}
     * @return the index behind the last byte taken
     */
    int decode(final UnsafeBuffer src, final int from, final int end, final UnsafeBuffer dst, final int body) {
        int i = from;
        while (i < end && state != State.COMPLETE && state != State.REFUSED) {
            if (state == State.DATA) {
                final int length = (int) Math.min(size, end - i);
                if (dst != null) {
                    dst.putBytes(body + decoded, src, i, length);
                }
                decoded += length;
                size -= length;
                i += length;
                state = size == 0 ? State.DATA_CR : State.DATA;
            } else {
                state = next(src.getByte(i));
                i++;
            }
        }
        return i;
    }

    private State next(final byte b) {
        return switch (state) {
            case SIZE_START, SIZE, EXTENSION, SIZE_LF -> nextInSizeLine(b);
            case DATA_CR -> b == '\r' ? State.DATA_LF : refuse(Refusal.BAD_CHUNK);
            case DATA_LF -> b == '\n' ? State.SIZE_START : refuse(Refusal.BAD_CHUNK);
            default -> nextInTrailers(b);
        };
    }

    /** chunk-size [ chunk-ext ] CRLF. */
    private State nextInSizeLine(final byte b) {
        return switch (state) {
            case SIZE_START -> {
                size = 0;
                sizeDigits = 0;
                yield HttpBytes.hexDigit(b) < 0 ? refuse(Refusal.BAD_CHUNK) : sizeDigit(b);
            }
            case SIZE -> {
                if (HttpBytes.hexDigit(b) >= 0) {
                    yield sizeDigit(b);
                }
                if (b == '\r') {
                    yield State.SIZE_LF;
                }
                extension.begin();
                yield extension(b);
            }
            case EXTENSION -> extension(b);
            default -> b == '\n' ? sizeLineEnd() : refuse(Refusal.BAD_CHUNK);
        };
    }

    private State sizeDigit(final byte b) {
        sizeDigits++;
        size = (size << 4) | HttpBytes.hexDigit(b);
        return sizeDigits > MAX_SIZE_DIGITS || size < 0 ? refuse(Refusal.BAD_CHUNK) : State.SIZE;
    }

    private State sizeLineEnd() {
        if (size == 0) {
            return State.TRAILER_START;
        }
        return size > maxBodyBytes - decoded ? refuse(Refusal.BODY_TOO_LARGE) : State.DATA;
    }

    private State extension(final byte b) {
        extensionBytes++;
        if (extensionBytes > MAX_EXTENSION_BYTES) {
            return refuse(Refusal.BAD_CHUNK);
        }
        return switch (extension.take(b)) {
            case MORE -> State.EXTENSION;
            case CR -> State.SIZE_LF;
            case REFUSED -> refuse(Refusal.BAD_CHUNK);
        };
    }

    /** RFC 9112, 7.1.2: fields like those of the head. */
    private State nextInTrailers(final byte b) {
        trailerBytes++;
        if (trailerBytes > maxTrailerBytes) {
            return refuse(Refusal.FIELDS_TOO_LARGE);
        }
        return switch (state) {
            case TRAILER_START -> b == '\r' ? State.END_LF : trailerStart(b);
            case TRAILER_NAME -> {
                if (b == ':') {
                    yield State.TRAILER_VALUE;
                }
                yield HttpBytes.isToken(b) ? State.TRAILER_NAME : refuse(Refusal.BAD_FIELD);
            }
            case TRAILER_VALUE -> {
                if (b == '\r') {
                    yield State.TRAILER_LF;
                }
                yield HttpBytes.isText(b) ? State.TRAILER_VALUE : refuse(Refusal.BAD_FIELD);
            }
            case TRAILER_LF -> b == '\n' ? State.TRAILER_START : refuse(Refusal.BAD_FIELD);
            default -> b == '\n' ? State.COMPLETE : refuse(Refusal.BAD_FIELD);
        };
    }

    private State trailerStart(final byte b) {
        trailerCount++;
        if (trailerCount > maxTrailerCount) {
            return refuse(Refusal.FIELDS_TOO_LARGE);
        }
        return HttpBytes.isToken(b) ? State.TRAILER_NAME : refuse(Refusal.BAD_FIELD);
    }

    private State refuse(final Refusal reason) {
        refusal = reason;
        return State.REFUSED;
    }
}
