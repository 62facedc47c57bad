package io.millrace.storage.redis;

import static java.util.Map.entry;

import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.StaticCredentialsProvider;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text that says where Redis is and how to get in. Immutable; it may hold passwords, so it prints none.
 *
 * <pre>
 *   redis://          [user:password@]host[:port][/database]
 *   redis-sentinel:// [user:password@]host[:port][,host[:port]…][/database]#master
 *   redis-cluster://  [user:password@]host[:port][,host[:port]…]
 * </pre>
 *
 * <p>With {@code rediss…} in place of {@code redis…} all connections use TLS. The first two are Lettuce's own forms; the
 * third, for which Lettuce has none, is made after the second. Parameters behind a question mark: {@code
 * verifyPeer=FULL|CA|NONE}, and for Sentinels that want a password {@code sentinelUsername}, {@code sentinelPassword}.
 */
public final class RedisUri {
    /** What texts can be given, in one line. */
    public static final String FORMS = "redis://[user:password@]host[:port][/database],"
            + " redis-sentinel://[user:password@]host:port,host:port…[/database]#master or"
            + " redis-cluster://[user:password@]host:port,host:port…, or rediss… for TLS";

    // Not java.net.URI: it knows no lists of IPv6 addresses.
    private static final Pattern SYNTAX = Pattern.compile(
            "([a-z-]+)://(?:([^@/?#\\s]*)@)?([^@/?#\\s]+)(/[^@?#\\s]*)?(?:\\?([^@#\\s]*))?(?:#([^@\\s]*))?");

    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26379;
    private static final int MAX_PORT = 65_535;
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?");
    private static final Pattern DATABASE = Pattern.compile("/?|/([0-9]{1,5})");
    private static final Pattern MALFORMED_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final String MASTER_PARAMETER = "sentinelMasterId";
    private static final String VERIFY_PARAMETER = "verifyPeer";
    private static final String SENTINEL_USER_PARAMETER = "sentinelUsername";
    private static final String SENTINEL_PASSWORD_PARAMETER = "sentinelPassword";

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            entry("redis", Kind.STANDALONE),
            entry("rediss", Kind.STANDALONE),
            entry("redis-sentinel", Kind.SENTINEL),
            entry("rediss-sentinel", Kind.SENTINEL),
            entry("redis-cluster", Kind.CLUSTER),
            entry("rediss-cluster", Kind.CLUSTER));

    /** How many servers there are, and who knows which of them to write to. */
    enum Kind {
        /** One, and it is the one. */
        STANDALONE,
        /** Several; Sentinels know. */
        SENTINEL,
        /** Several, for a part of the keys each; all know. */
        CLUSTER
    }

    private final Kind kind;
    private final boolean isTls;
    private final SslVerifyMode verifyMode;
    private final List<RedisNode> seeds;
    private final int database;
    private final String master;
    private final Credentials credentials;
    private final Credentials sentinelCredentials;

    private RedisUri(final Matcher text) {
        final String scheme = text.group(1);
        kind = KINDS.get(scheme);
        require(kind != null, "its scheme is not known");
        isTls = scheme.startsWith("rediss");
        credentials = text.group(2) == null ? Credentials.NONE : Credentials.parse(text.group(2));
        seeds = hosts(text.group(3));
        database = database(text.group(4));
        final Map<String, String> parameters = parameters(text.group(5));
        verifyMode = verifyMode(parameters.get(VERIFY_PARAMETER));
        master = master(text.group(6), parameters.get(MASTER_PARAMETER));
        sentinelCredentials = new Credentials(
                parameters.getOrDefault(SENTINEL_USER_PARAMETER, ""),
                parameters.getOrDefault(SENTINEL_PASSWORD_PARAMETER, ""));
        require(
                kind == Kind.SENTINEL || sentinelCredentials.equals(Credentials.NONE),
                SENTINEL_USER_PARAMETER + " and " + SENTINEL_PASSWORD_PARAMETER + " are for redis-sentinel:// only");
    }

    /**
     * Reads the text.
     *
     * @throws IllegalArgumentException if it cannot be used; the message says why and what can, and holds nothing of the text
     */
    public static RedisUri parse(final String text) {
        final Matcher matcher = SYNTAX.matcher(text);
        require(matcher.matches(), "special characters in a password have to be percent-encoded");
        return new RedisUri(matcher);
    }

    private static void require(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("must be " + FORMS + ": " + otherwise);
        }
    }

    private List<RedisNode> hosts(final String text) {
        final int defaultPort = kind == Kind.SENTINEL ? SENTINEL_PORT : REDIS_PORT;
        final List<RedisNode> hosts = new ArrayList<>();
        for (final String host : text.split(",", -1)) {
            final Matcher matcher = HOST.matcher(host);
            require(matcher.matches(), "a host is missing or malformed");
            final int port = matcher.group(2) == null ? defaultPort : Integer.parseInt(matcher.group(2));
            require(port > 0 && port <= MAX_PORT, "a port is not from 1 to " + MAX_PORT);
            hosts.add(new RedisNode(matcher.group(1).replaceAll("[\\[\\]]", ""), port));
        }
        require(
                kind != Kind.STANDALONE || hosts.size() == 1,
                "several hosts need redis-cluster://, or redis-sentinel:// with their Sentinels");
        return List.copyOf(hosts);
    }

    private int database(final String path) {
        final Matcher matcher = DATABASE.matcher(path == null ? "" : path);
        require(matcher.matches(), "the database is not a number");
        final int number = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
        require(kind != Kind.CLUSTER || number == 0, "a cluster has no database but 0");
        return number;
    }

    private static Map<String, String> parameters(final String query) {
        final Map<String, String> parameters = new LinkedHashMap<>();
        for (final String pair : query == null ? new String[0] : query.split("&", -1)) {
            final int equals = pair.indexOf('=');
            require(equals > 0, "a parameter is not name=value");
            parameters.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
        }
        final List<String> known =
                List.of(VERIFY_PARAMETER, MASTER_PARAMETER, SENTINEL_USER_PARAMETER, SENTINEL_PASSWORD_PARAMETER);
        require(known.containsAll(parameters.keySet()), "the only parameters are " + String.join(", ", known));
        return parameters;
    }

    private static SslVerifyMode verifyMode(final String text) {
        for (final SslVerifyMode mode : SslVerifyMode.values()) {
            if (text == null ? mode == SslVerifyMode.FULL : mode.name().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("must have " + VERIFY_PARAMETER + "=FULL, CA or NONE");
    }

    private String master(final String fragment, final String parameter) {
        final String name = fragment == null ? parameter : decode(fragment);
        final boolean isNamed = name != null && !name.isEmpty();
        require(kind != Kind.SENTINEL || isNamed, "the master that the Sentinels watch is not named behind a #");
        require(kind == Kind.SENTINEL || !isNamed, "only Sentinels are asked for a master by its name");
        return name;
    }

    private static String decode(final String text) {
        require(!MALFORMED_ESCAPE.matcher(text).find(), "a % is not followed by two hexadecimal digits");
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    Kind kind() {
        return kind;
    }

    /** The servers named in the text: Redis itself, or its Sentinels. */
    List<RedisNode> seeds() {
        return seeds;
    }

    /** The name that Sentinels know the master by; null for the other kinds. */
    String master() {
        return master;
    }

    /** How to connect to one server of Redis. */
    RedisURI to(final RedisNode node, final Duration timeout) {
        return build(node, credentials, database, timeout);
    }

    /** How to connect to one Sentinel. */
    RedisURI toSentinel(final RedisNode node, final Duration timeout) {
        return build(node, sentinelCredentials, 0, timeout);
    }

    private RedisURI build(
            final RedisNode node, final Credentials credentials, final int database, final Duration timeout) {
        final RedisURI uri = RedisURI.Builder.redis(node.host(), node.port())
                .withSsl(isTls)
                .withVerifyPeer(verifyMode)
                .withDatabase(database)
                .withTimeout(timeout)
                .build();
        if (!credentials.equals(Credentials.NONE)) {
            uri.setCredentialsProvider(credentials.provider());
        }
        return uri;
    }

    /** For messages: the servers named in the text, and nothing secret. */
    @Override
    public String toString() {
        final String hosts =
                String.join(",", seeds.stream().map(RedisNode::toString).toList());
        return switch (kind) {
            case STANDALONE -> hosts;
            case SENTINEL -> "master " + master + " of the Sentinels " + hosts;
            case CLUSTER -> "cluster " + hosts;
        };
    }

    /** User and password, each empty if there is none. */
    private record Credentials(String user, String password) {
        static final Credentials NONE = new Credentials("", "");

        /**
         * With what Lettuce makes of a user's name itself, it ends the handshake on another thread, and one time in ten thousand
         * hands out a connection that refuses commands for another moment.
         */
        RedisCredentialsProvider provider() {
            return new StaticCredentialsProvider(user.isEmpty() ? null : user, password.toCharArray());
        }

        /** Reads {@code user:password}; what has no colon is a password. */
        static Credentials parse(final String userInfo) {
            final int colon = userInfo.indexOf(':');
            return new Credentials(
                    decode(userInfo.substring(0, Math.max(colon, 0))), decode(userInfo.substring(colon + 1)));
        }
    }
}
