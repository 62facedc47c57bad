package io.millrace.server.admin.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a request is answered with. Immutable, if the body is left alone.
 *
 * @param headers further ones, by name; they replace what every reply has
 */
public record AdminReply(HttpResponseStatus status, String contentType, ByteBuffer body, Map<String, String> headers) {
    private static final String JSON = "application/json";

    /** RFC 7111 and RFC 4180, 3: UTF-8, and the first line holds the names. */
    private static final String CSV = "text/csv; charset=utf-8; header=present";

    /** RFC 9110, 5.6.7; the JDK's RFC 1123 format writes days with one digit. */
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    public AdminReply {
        headers = Map.copyOf(headers);
    }

    /** A reply that says what was asked for. */
    public static AdminReply json(final Json body) {
        return json(HttpResponseStatus.OK, body);
    }

    public static AdminReply json(final HttpResponseStatus status, final Json body) {
        return new AdminReply(status, JSON, ByteBuffer.wrap(body.toByteArray()), Map.of());
    }

    /** A table. */
    public static AdminReply csv(final Csv body) {
        return new AdminReply(
                HttpResponseStatus.OK, CSV, ByteBuffer.wrap(body.toString().getBytes(UTF_8)), Map.of());
    }

    /** The shape that errors have on both ports. */
    public static AdminReply error(final HttpResponseStatus status, final String code, final String message) {
        return json(
                status,
                new Json()
                        .beginObject()
                        .name("error")
                        .value(code)
                        .name("message")
                        .value(message)
                        .endObject());
    }

    /** The same reply with one more header. */
    public AdminReply with(final String header, final String value) {
        final Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new AdminReply(status, contentType, body, more);
    }

    /** The reply as Netty sends it; to a HEAD, and with status 304, its codec sends it without the body. */
    public FullHttpResponse toResponse() {
        final FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body.duplicate()));
        final HttpHeaders fields = response.headers();
        fields.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        fields.set(HttpHeaderNames.CONTENT_LENGTH, body.remaining());
        fields.set(HttpHeaderNames.DATE, IMF_FIXDATE.format(Instant.now()));
        fields.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        fields.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        fields.set("x-content-type-options", "nosniff");
        fields.set("cross-origin-resource-policy", "same-origin");
        fields.set("referrer-policy", "no-referrer");
        headers.forEach(fields::set);
        return response;
    }
}
