package io.millrace.server.admin.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the program. It is the same for everybody, so it needs no token; a browser asks each time whether it has changed
 * (RFC 9110, 13.1.2), and takes it compressed if it can. Thread-safe; read at the first request, and kept.
 */
public final class StaticResource implements AdminResource {
    private static final int TAG_CHARS = 20;

    private final URL file;
    private final String contentType;
    private final Map<String, String> headers;
    private volatile Content content;

    /**
     * Makes the resource.
     *
     * @param file on the class path
     * @param headers that its replies have beside the common ones
     */
    public StaticResource(final URL file, final String contentType, final Map<String, String> headers) {
        if (file == null) {
            throw new IllegalStateException("the program is incomplete: a file of the admin port is missing");
        }
        this.file = file;
        this.contentType = contentType;
        this.headers = Map.copyOf(headers);
    }

    @Override
    public Access access() {
        return Access.OPEN;
    }

    @Override
    public Execution execution() {
        return Execution.EVENT_LOOP;
    }

    @Override
    public AdminReply answer(final Query query) {
        Content read = content;
        if (read == null) {
            read = Content.read(file);
            content = read;
        }
        final boolean gzip = acceptsGzip(query.field(HttpHeaderNames.ACCEPT_ENCODING));
        // One tag for each coding: they are different bytes.
        final String tag = '"' + read.tag() + (gzip ? "-gzip" : "") + '"';
        final boolean known = query.field(HttpHeaderNames.IF_NONE_MATCH).contains(tag);
        final byte[] body = gzip ? read.gzipped() : read.plain();
        final AdminReply reply = new AdminReply(
                        known ? HttpResponseStatus.NOT_MODIFIED : HttpResponseStatus.OK,
                        contentType,
                        ByteBuffer.wrap(body).asReadOnlyBuffer(),
                        headers)
                .with(HttpHeaderNames.ETAG.toString(), tag)
                .with(HttpHeaderNames.CACHE_CONTROL.toString(), "no-cache")
                .with(HttpHeaderNames.VARY.toString(), HttpHeaderNames.ACCEPT_ENCODING.toString());
        return gzip ? reply.with(HttpHeaderNames.CONTENT_ENCODING.toString(), "gzip") : reply;
    }

    /** Browsers say {@code gzip}, without a weight. */
    private static boolean acceptsGzip(final String acceptEncoding) {
        return Arrays.stream(acceptEncoding.split(",", -1))
                .anyMatch(coding -> coding.strip().equals("gzip"));
    }

    /** The file, as it is and compressed. */
    private static final class Content {
        private final byte[] plain;
        private final byte[] gzipped;
        private final String tag;

        private Content(final byte[] plain) throws IOException, NoSuchAlgorithmException {
            this.plain = plain;
            final ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length);
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(plain);
            }
            gzipped = out.toByteArray();
            tag = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(plain))
                    .substring(0, TAG_CHARS);
        }

        static Content read(final URL file) {
            try (InputStream in = file.openStream()) {
                return new Content(in.readAllBytes());
            } catch (final IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            } catch (final NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        byte[] plain() {
            return plain;
        }

        byte[] gzipped() {
            return gzipped;
        }

        String tag() {
            return tag;
        }
    }
}
