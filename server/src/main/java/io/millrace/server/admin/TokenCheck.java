package io.millrace.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.AdminReply;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.security.MessageDigest;

/** Whether a request carries the token, by {@code Authorization: Bearer} (RFC 6750, 2.1). Thread-safe. */
final class TokenCheck {
    private static final String SCHEME = "Bearer ";

    private final byte[] token;

    /**
     * Makes the check.
     *
     * @param token null if none is needed
     */
    TokenCheck(final String token) {
        this.token = token == null ? null : token.getBytes(UTF_8);
    }

    /**
     * Checks that a token is needed at all, for what may not be had without.
     *
     * @throws AdminException if the port was given none
     */
    void checkThereIsOne() throws AdminException {
        if (token == null) {
            throw new AdminException(AdminReply.error(
                    HttpResponseStatus.FORBIDDEN,
                    "token_required",
                    "this needs a token, and the server has none: start it with --admin-token (or"
                            + " MILLRACE_ADMIN_TOKEN), and send the header Authorization: Bearer <admin token>"));
        }
    }

    /**
     * Checks a request, in a time that does not tell how much of its token was right.
     *
     * @throws AdminException if it carries another token, or none
     */
    void check(final HttpRequest request) throws AdminException {
        if (token == null) {
            return;
        }
        final String credentials = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        final boolean bearer = credentials.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        final String given = bearer ? credentials.substring(SCHEME.length()).strip() : "";
        if (!MessageDigest.isEqual(given.getBytes(UTF_8), token)) {
            throw new AdminException(AdminReply.error(
                            HttpResponseStatus.UNAUTHORIZED,
                            "unauthorized",
                            "this port needs the header Authorization: Bearer <admin token>")
                    .with("www-authenticate", "Bearer realm=\"millrace\""));
        }
    }
}
