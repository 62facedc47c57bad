package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import org.agrona.DirectBuffer;

/**
 * The write keys of which a request must carry one; with none, every request may write.
 *
 * <p>Immutable. Never shows a key: a key in a page is public, one in a server is not.
 */
public final class WriteKeys {
    /** No key is needed. */
    public static final WriteKeys NONE = of(List.of());

    /** The longest key in bytes. */
    public static final int MAX_KEY_BYTES = 128;

    /** As many keys as one look-up may compare. */
    public static final int MAX_KEYS = 100;

    /** Each key in as many bytes: how many of a request's key are compared does not depend on the key beside it. */
    private final byte[][] padded;

    private final int[] lengths;

    private WriteKeys(final List<String> keys) {
        padded = new byte[keys.size()][MAX_KEY_BYTES];
        lengths = new int[keys.size()];
        for (int i = 0; i < padded.length; i++) {
            final byte[] key = keys.get(i).getBytes(US_ASCII);
            System.arraycopy(key, 0, padded[i], 0, key.length);
            lengths[i] = key.length;
        }
    }

    /**
     * Takes these keys.
     *
     * @param keys of ASCII, at most {@link #MAX_KEYS}, each at most {@link #MAX_KEY_BYTES} long
     */
    public static WriteKeys of(final List<String> keys) {
        return new WriteKeys(keys);
    }

    /** Whether a request needs a key. */
    public boolean required() {
        return padded.length > 0;
    }

    /** Whether that is one of the keys. The time depends on how many keys there are and on {@code length}, on nothing else. */
    boolean contains(final DirectBuffer buffer, final int offset, final int length) {
        if (length <= 0 || length > MAX_KEY_BYTES) {
            return false;
        }
        int found = 0;
        for (int i = 0; i < padded.length; i++) {
            final byte[] key = padded[i];
            int difference = lengths[i] ^ length;
            for (int j = 0; j < length; j++) {
                difference |= key[j] ^ buffer.getByte(offset + j);
            }
            // 1 if there is none: no branch on it.
            found |= ((difference - 1) & ~difference) >>> (Integer.SIZE - 1);
        }
        return found != 0;
    }

    @Override
    public String toString() {
        return padded.length + " write keys";
    }
}
