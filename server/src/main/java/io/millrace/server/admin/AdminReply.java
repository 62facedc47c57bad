package io.millrace.server.admin;

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

/**
 * What a request is answered with.
 *
 * @param headers further ones, by name
 */
record AdminReply(HttpResponseStatus status, String contentType, ByteBuffer body, Map<String, String> headers) {
    private static final String JSON = "application/json";

    /** RFC 9110, 5.6.7; the JDK's RFC 1123 format writes days with one digit. */
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    static AdminReply json(final Json body) {
        return json(HttpResponseStatus.OK, body);
    }

    static AdminReply json(final HttpResponseStatus status, final Json body) {
        return new AdminReply(status, JSON, ByteBuffer.wrap(body.toByteArray()), Map.of());
    }

    /** The shape that errors have on both ports. */
    static AdminReply error(final HttpResponseStatus status, final String code, final String message) {
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

    AdminReply with(final String header, final String value) {
        return new AdminReply(status, contentType, body, Map.of(header, value));
    }

    /** The reply as Netty sends it; to a HEAD its codec sends it without the body. */
    FullHttpResponse toResponse() {
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
        headers.forEach(fields::set);
        return response;
    }
}
