package io.millrace.server.http;

/**
 * Why a request is not served: status, code word and explanation of the reply, and whether the connection can go on.
 *
 * <p>After {@link #closes()} the bytes that follow may belong to the request or not, so nothing more is read as a request.
 */
public enum Refusal {
    BAD_REQUEST_LINE(400, "bad_request", "the request line must be method SP target SP HTTP/1.1 CRLF", true),
    BAD_TARGET(400, "bad_request", "the target must be a path, or http:// with a host and a path", true),
    BAD_FIELD(
            400,
            "bad_request",
            "a field must be a name, a colon, a value and CRLF, without folding or control bytes",
            true),
    BAD_HOST(400, "bad_request", "exactly one valid Host is required", true),
    BAD_CONTENT_LENGTH(400, "bad_request", "Content-Length must be one number of digits", true),
    BAD_TRANSFER_ENCODING(
            400, "bad_request", "Transfer-Encoding must be chunked, in HTTP/1.1, without Content-Length", true),
    BAD_CHUNK(400, "bad_request", "a chunk must be its size in hexadecimal, CRLF, that many bytes, CRLF", true),
    INVALID_ENCODING(
            400,
            "invalid_encoding",
            "the body must be whole gzip members and nothing behind them, as Content-Encoding says",
            false),
    UNAUTHORIZED(
            401,
            "unauthorized",
            "a write key is required: in X-Write-Key, as the user name of Authorization: Basic, or as ?writeKey=",
            false,
            "WWW-Authenticate: Basic realm=\"millrace\"\r\n"),
    NOT_FOUND(404, "not_found", "this port serves /events, /pixel.gif and /tracker.js", false),
    EVENTS_METHOD_NOT_ALLOWED(
            405, "method_not_allowed", "/events takes POST and OPTIONS", false, "Allow: POST, OPTIONS\r\n"),
    PIXEL_METHOD_NOT_ALLOWED(
            405,
            "method_not_allowed",
            "/pixel.gif takes GET, HEAD and OPTIONS",
            false,
            "Allow: GET, HEAD, OPTIONS\r\n"),
    TRACKER_METHOD_NOT_ALLOWED(
            405,
            "method_not_allowed",
            "/tracker.js takes GET, HEAD and OPTIONS",
            false,
            "Allow: GET, HEAD, OPTIONS\r\n"),
    REQUEST_TIMEOUT(408, "request_timeout", "the request did not arrive in time", true),
    LENGTH_REQUIRED(411, "length_required", "Content-Length or chunked Transfer-Encoding is required", true),
    BODY_TOO_LARGE(413, "body_too_large", "the body is larger than this server takes", true),
    DECODED_BODY_TOO_LARGE(413, "body_too_large", "the body, decoded, is larger than this server takes", false),
    URI_TOO_LONG(414, "uri_too_long", "the request line is longer than this server takes", true),
    UNSUPPORTED_MEDIA_TYPE(
            415,
            "unsupported_media_type",
            "/events takes application/json, application/x-ndjson, text/plain or no Content-Type",
            false),
    UNSUPPORTED_CODING(
            415,
            "unsupported_encoding",
            "the only Content-Encoding that this server takes is gzip, once",
            false,
            "Accept-Encoding: gzip\r\n"),
    EXPECTATION_FAILED(417, "expectation_failed", "the only expectation that can be met is 100-continue", false),
    FIELDS_TOO_LARGE(431, "fields_too_large", "the fields are longer or more than this server takes", true),
    METHOD_NOT_IMPLEMENTED(501, "not_implemented", "this method is not implemented", false),
    METHOD_TOO_LONG(501, "not_implemented", "this method is not implemented", true),
    TUNNEL_NOT_IMPLEMENTED(501, "not_implemented", "this server is no proxy", true),
    CODING_NOT_IMPLEMENTED(501, "not_implemented", "no Transfer-Encoding but chunked is implemented", true),
    OVERLOADED(503, "overloaded", "no room for more events at the moment, try again later", false),
    TOO_BUSY(503, "overloaded", "no room for more requests at the moment, try again later", true),
    VERSION_NOT_SUPPORTED(505, "http_version_not_supported", "this server speaks HTTP/1.1", true);

    private final int status;
    private final String code;
    private final String message;
    private final boolean closes;
    private final String fields;

    Refusal(final int status, final String code, final String message, final boolean closes) {
        this(status, code, message, closes, "");
    }

    Refusal(final int status, final String code, final String message, final boolean closes, final String fields) {
        this.status = status;
        this.code = code;
        this.message = message;
        this.closes = closes;
        this.fields = fields;
    }

    public int status() {
        return status;
    }

    /** The word for programs, for example {@code not_found}. */
    public String code() {
        return code;
    }

    /** The sentence for people, as it stands within a JSON string. */
    String message() {
        return message;
    }

    public boolean closes() {
        return closes;
    }

    /** More lines for the reply's head, each with its CRLF. */
    String fields() {
        return fields;
    }
}
