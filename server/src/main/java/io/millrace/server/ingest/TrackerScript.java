package io.millrace.server.ingest;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** One form of the script that pages load: as it is, or compressed. Immutable, as long as nobody changes the bytes. */
final class TrackerScript {
    private static final String RESOURCE = "tracker.min.js";
    private static final int TAG_BYTES = 12;

    static final TrackerScript PLAIN = new TrackerScript(read());
    static final TrackerScript GZIP = new TrackerScript(gzip(PLAIN.bytes));

    private final byte[] bytes;
    private final String entityTag;

    private TrackerScript(final byte[] bytes) {
        this.bytes = bytes;
        entityTag = entityTag(bytes);
    }

    /** As they are sent. */
    byte[] bytes() {
        return bytes;
    }

    /** Of these bytes and no others, which makes it a strong one (RFC 9110, 8.8.3.3); with its quotes. */
    String entityTag() {
        return entityTag;
    }

    private static String entityTag(final byte[] bytes) {
        try {
            final byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, TAG_BYTES)) + '"';
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] read() {
        try (InputStream in = TrackerScript.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new FileNotFoundException(RESOURCE + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(final byte[] bytes) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (final IOException e) {
            throw new UncheckedIOException("an array refused to be written", e);
        }
        return out.toByteArray();
    }
}
