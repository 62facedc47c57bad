package io.millrace.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.Driver;

/**
 * Where PostgreSQL is and who asks. Immutable. No text made from it holds the password.
 *
 * @param jdbcUrl {@code jdbc:postgresql://…} without user and password
 * @param user null for the driver's default
 * @param password null for none
 */
public record PostgresSettings(String jdbcUrl, String user, String password) {
    private static final String JDBC = "jdbc:postgresql:";

    /**
     * Reads {@code jdbc:postgresql://host/database?user=…&password=…} or {@code postgres://user:password@host/database};
     * parameters of the driver may follow in the query.
     *
     * @throws IllegalArgumentException if it is neither; the message does not hold the URL, which may hold a password
     */
    public static PostgresSettings parse(final String url) {
        if (url.startsWith(JDBC)) {
            return of(url, null, null);
        }
        final int scheme = url.indexOf("://");
        if (scheme < 0 || !List.of("postgres", "postgresql").contains(url.substring(0, scheme))) {
            throw malformed();
        }
        final String rest = url.substring(scheme + 3);
        final int authorityEnd = indexOrLength(rest, rest.indexOf('/'), rest.indexOf('?'));
        final String authority = rest.substring(0, authorityEnd);
        final int at = authority.lastIndexOf('@');
        final String userInfo = at < 0 ? "" : authority.substring(0, at);
        final int colon = userInfo.indexOf(':');
        final String hosts = authority.substring(at + 1);
        final String path = rest.substring(authorityEnd);
        if (path.indexOf('@') >= 0) {
            throw malformed(); // a slash or question mark inside a password: the driver would log a part of it
        }
        return of(
                JDBC + "//" + (hosts.isEmpty() ? "localhost" : hosts) + (path.startsWith("/") ? "" : "/") + path,
                decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                colon < 0 ? null : decode(userInfo.substring(colon + 1)));
    }

    private static PostgresSettings of(final String url, final String userOfUrl, final String passwordOfUrl) {
        final int question = url.indexOf('?');
        String user = userOfUrl == null || userOfUrl.isEmpty() ? null : userOfUrl;
        String password = passwordOfUrl;
        final List<String> others = new ArrayList<>();
        for (final String parameter : question < 0
                ? List.<String>of()
                : List.of(url.substring(question + 1).split("&"))) {
            if (parameter.startsWith("user=")) {
                user = decode(parameter.substring("user=".length()));
            } else if (parameter.startsWith("password=")) {
                password = decode(parameter.substring("password=".length()));
            } else if (!parameter.isEmpty()) {
                others.add(parameter);
            }
        }
        final String base = question < 0 ? url : url.substring(0, question);
        final String jdbcUrl = others.isEmpty() ? base : base + '?' + String.join("&", others);
        if (Driver.parseURL(jdbcUrl, null) == null) {
            throw malformed();
        }
        return new PostgresSettings(jdbcUrl, user, password);
    }

    /** Host and database, for messages. */
    public String target() {
        final int question = jdbcUrl.indexOf('?');
        return jdbcUrl.substring("jdbc:".length(), question < 0 ? jdbcUrl.length() : question);
    }

    @Override
    public String toString() {
        return target() + (user == null ? "" : " as " + user);
    }

    private static int indexOrLength(final String text, final int first, final int second) {
        final int end = text.length();
        return Math.min(first < 0 ? end : first, second < 0 ? end : second);
    }

    /** Percent-decodes; a plus sign stays one. */
    private static String decode(final String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
        } catch (final IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("not a PostgreSQL URL; give jdbc:postgresql://<host>[:<port>]/<database> or"
                + " postgres://<user>:<password>@<host>[:<port>]/<database>, with special characters percent-encoded");
    }
}
