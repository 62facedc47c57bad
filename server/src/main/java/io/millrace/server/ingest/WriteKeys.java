package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
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

    private static final long MAX_FILE_BYTES = 1 << 20;

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

    /** The key's alphabet and length, as a pattern and in words. */
    public static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_KEY_BYTES + "}");

    public static final String KEY_SHAPE = "1 to " + MAX_KEY_BYTES + " letters, digits, dots, hyphens or underscores";

    /**
     * Takes the keys in a file: one a line; blank lines and those that begin with # are skipped.
     *
     * @throws IOException if it cannot be read, or is no such file; the message completes "FILE " and shows no key
     */
    public static WriteKeys read(final Path file) throws IOException {
        final List<String> keys = new ArrayList<>();
        int number = 0;
        for (final String line : lines(file)) {
            number++;
            final String key = line.strip();
            if (key.isEmpty() || key.startsWith("#")) {
                continue;
            }
            if (!KEY.matcher(key).matches()) {
                throw new IOException("has no key in line " + number + ": a key is " + KEY_SHAPE);
            }
            keys.add(key);
        }
        if (keys.isEmpty()) {
            throw new IOException("holds no key, and would let everybody in: give one a line");
        }
        if (keys.size() > MAX_KEYS) {
            throw new IOException("holds " + keys.size() + " keys: at most " + MAX_KEYS);
        }
        return of(keys);
    }

    private static List<String> lines(final Path file) throws IOException {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IOException("is larger than " + MAX_FILE_BYTES + " bytes, which is no file of keys");
            }
            return Files.readAllLines(file, ISO_8859_1);
        } catch (final NoSuchFileException e) {
            throw new IOException("does not exist", e);
        } catch (final FileSystemException e) {
            throw new IOException("cannot be read: let the user that runs the server read it", e);
        }
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
