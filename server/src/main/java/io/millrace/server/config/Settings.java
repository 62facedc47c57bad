package io.millrace.server.config;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.journal.Journal;
import io.millrace.server.http.CorsPolicy;
import io.millrace.server.http.HttpLimits;
import io.millrace.server.ingest.AckSettings;
import io.millrace.server.ingest.GpcPolicy;
import io.millrace.server.ingest.Transport;
import io.millrace.server.ingest.WriteKeys;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Every option of {@code millrace run}, with its default and its bounds. There is no other place that knows them. */
final class Settings {
    private static final int MAX_LOOPS = 256;
    private static final int MAX_ORIGINS = 100;
    private static final int MAX_REPLICAS = 16;
    private static final int MAX_HOSTS = 32;
    private static final Pattern ANY = Pattern.compile(".+");

    private static final Format<Path> PATH = new TextFormat<>("FOLDER", ANY, "a path", Path::of);

    static final Setting<InetSocketAddress> LISTEN =
            Setting.of("listen", "127.0.0.1:8080", new AddressFormat(), "Where events are taken in");
    static final Setting<InetSocketAddress> ADMIN =
            Setting.of("admin", "127.0.0.1:9090", new AddressFormat(), "Where health, metrics and queries are served");
    static final Setting<Set<String>> ADMIN_HOST = Setting.optional(
            "admin-host",
            "loopback and the address that a connection came to",
            new ListFormat<>(
                    "HOST[,HOST...]",
                    Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*"),
                    MAX_HOSTS,
                    "names or addresses without a port, as browsers send them; at most " + MAX_HOSTS
                            + ", separated by commas",
                    Set::copyOf),
            "Further names under which the admin port may be asked");
    static final Setting<String> ADMIN_TOKEN = Setting.optional(
                    "admin-token",
                    "none, which a loopback address only allows",
                    new TextFormat<>(
                            "TOKEN",
                            Pattern.compile("[A-Za-z0-9._~+/=-]{16,256}"),
                            "16 to 256 letters, digits or any of . _ ~ + / = -, as from 'openssl rand -hex 16'",
                            token -> token),
                    "What a request to the admin port must carry as Authorization: Bearer TOKEN")
            .withSecret();
    static final Setting<Integer> EVENT_LOOPS = new Setting<>(
            "event-loops",
            Optional.of(Integer.toString(defaultLoops())),
            "half of the processors, here " + defaultLoops(),
            new CountFormat(1, MAX_LOOPS),
            "Threads that take events in; each has a journal of its own",
            false);
    static final Setting<Transport> TRANSPORT = Setting.of(
            "transport", "auto", new ChoiceFormat<>(Transport.class, "NAME"), "How sockets are served by the kernel");

    static final Setting<WriteKeys> WRITE_KEY = Setting.optional(
                    "write-key",
                    "none is needed",
                    new ListFormat<>(
                            "KEY[,KEY...]",
                            WriteKeys.KEY,
                            WriteKeys.MAX_KEYS,
                            WriteKeys.KEY_SHAPE + " a key, at most " + WriteKeys.MAX_KEYS
                                    + " keys, separated by commas",
                            WriteKeys::of),
                    "Keys of which a request must carry one")
            .withSecret();
    static final Setting<Path> WRITE_KEYS_FILE = Setting.optional(
            "write-keys-file",
            "none",
            new TextFormat<>("FILE", ANY, "a path", Path::of),
            "A file with such keys, one a line, in place of --write-key; read again when it changes, and at SIGHUP");
    static final Setting<Path> TLS_CERT = Setting.optional(
            "tls-cert",
            "none, events come in the clear",
            new TextFormat<>("FILE", ANY, "a path", Path::of),
            "The certificate of the ingest port in PEM, and those that lead to a root; read again when it changes, and at"
                    + " SIGHUP");
    static final Setting<Path> TLS_KEY = Setting.optional(
            "tls-key", "none", new TextFormat<>("FILE", ANY, "a path", Path::of), "Its private key in PEM (PKCS #8)");
    static final Setting<CorsPolicy> CORS_ORIGIN = Setting.of(
            "cors-origin",
            CorsPolicy.ANY_ORIGIN,
            new ListFormat<>(
                    "ORIGIN[,ORIGIN...]",
                    Pattern.compile("\\*|null|[a-z][a-z0-9+.-]*://"
                            + "((\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?"),
                    MAX_ORIGINS,
                    "*, or origins as browsers send them: scheme://host[:port] in lower case, *. before the host for"
                            + " all names below it, or null; at most " + MAX_ORIGINS + ", separated by commas",
                    CorsPolicy::of),
            "Pages whose scripts may read the replies");

    static final Setting<GpcPolicy> GPC = Setting.of(
            "gpc",
            "anonymize",
            new ChoiceFormat<>(GpcPolicy.class, "NAME"),
            "What becomes of events sent with Sec-GPC: 1 (Global Privacy Control)");

    static final Setting<Path> DATA_DIR = Setting.optional(
            "data-dir", "data beside the launcher", PATH, "Where journals and embedded servers keep their data");
    static final Setting<ConnectionUri> REDIS = Setting.optional(
                    "redis",
                    "an embedded Redis",
                    new RedisUriFormat(),
                    "The Redis that carries the events: one server, those that Sentinels watch, or a cluster")
            .withSecret();
    static final Setting<Integer> REDIS_WAIT_REPLICAS = Setting.of(
            "redis-wait-replicas",
            "0",
            new CountFormat(0, MAX_REPLICAS),
            "How many replicas of Redis must have an event before it counts as streamed");
    static final Setting<ConnectionUri> POSTGRES = Setting.optional(
                    "postgres",
                    "an embedded PostgreSQL",
                    new TextFormat<>(
                            "URL",
                            Pattern.compile("jdbc:postgresql://.+"),
                            "jdbc:postgresql://host[:port]/database?user=…&password=…",
                            ConnectionUri::new),
                    "The PostgreSQL that holds the counts")
            .withSecret();

    static final Setting<Role> ROLE =
            Setting.of("role", "all", new ChoiceFormat<>(Role.class, "NAME"), "Which stages this process runs");
    static final Setting<String> NODE = Setting.optional(
            "node",
            "a random name, kept in the data folder",
            new TextFormat<>(
                    "NAME",
                    Pattern.compile("[A-Za-z0-9._-]{1,48}"),
                    "1 to 48 letters, digits, dots, hyphens or underscores",
                    name -> name),
            "The name of this node in stream names");
    static final Setting<Duration> WINDOW = Setting.of(
            "window",
            "10s",
            new WindowFormat(new DurationFormat(Duration.ofSeconds(1), Duration.ofHours(1))),
            "The size of a window; kept with the data, it cannot change later");
    static final Setting<Duration> FLUSH = Setting.of(
            "flush", "1s", times(Duration.ofMillis(100), Duration.ofMinutes(1)), "How often counts are written");
    static final Setting<Duration> KEEP = Setting.of(
            "keep",
            "0s",
            times(Duration.ZERO, Duration.ofDays(7)),
            "How long Redis, and journals less than half full, keep what PostgreSQL has: as long as a failover of it may set it"
                    + " back");
    static final Setting<Duration> DEDUP_WINDOW = Setting.of(
            "dedup-window",
            "10m",
            new OptionalDurationFormat(new DurationFormat(Duration.ofSeconds(1), Duration.ofDays(7))),
            "How long an event_id is remembered, so that its event is not counted again");
    static final Setting<Duration> RETENTION = Setting.optional(
            "retention",
            "for ever",
            times(Duration.ofDays(1), Duration.ofDays(36_500)),
            "How long windows and their users are kept after their day; then the day is dropped, and older events are refused");
    static final Setting<AckLevel> ACK = Setting.of(
            "ack",
            AckSettings.DEFAULTS.level().word(),
            new ChoiceFormat<>(AckLevel.class, "LEVEL"),
            "What the events of a request must have reached before it is answered, unless it asks otherwise by ?ack=");
    static final Setting<AckLevel> ACK_MAX = Setting.of(
            "ack-max",
            AckSettings.DEFAULTS.max().word(),
            new ChoiceFormat<>(AckLevel.class, "LEVEL"),
            "The highest level that a request may ask for");
    static final Setting<Duration> ACK_TIMEOUT = Setting.of(
            "ack-timeout",
            "5s",
            times(Duration.ofMillis(AckSettings.MIN_TIMEOUT_MILLIS), Duration.ofMillis(AckSettings.MAX_TIMEOUT_MILLIS)),
            "How long an answer waits for its level; then it says which one was reached");
    static final Setting<Long> JOURNAL_SIZE = Setting.of(
            "journal-size",
            "64MiB",
            new SizeFormat(Journal.MIN_CAPACITY_BYTES, Journal.MAX_CAPACITY_BYTES, true),
            "The journal of each event loop; a body may take an eighth of it");
    static final Setting<Path> JOURNAL_DIR =
            Setting.optional("journal-dir", "journal in the data folder", PATH, "Where the journals are kept");
    static final Setting<Duration> STARTUP_TIMEOUT = Setting.of(
            "startup-timeout",
            "10s",
            times(Duration.ofMillis(100), Duration.ofHours(1)),
            "How long a start waits for Redis and PostgreSQL");
    static final Setting<Duration> SHUTDOWN_TIMEOUT = Setting.of(
            "shutdown-timeout",
            "30s",
            times(Duration.ofMillis(100), Duration.ofHours(1)),
            "How long a stop may take to drain what was taken in");

    static final Setting<LogFormat> LOG_FORMAT = Setting.of(
            "log-format", "text", new ChoiceFormat<>(LogFormat.class, "NAME"), "How each line of the log is written");

    static final Setting<Boolean> DEMO = Setting.of(
            "demo",
            "false",
            new SwitchFormat(),
            "Sends itself about 20 simulated events a second, which are counted like any other");

    static final Setting<Long> MAX_REQUEST_LINE = Setting.of(
            "max-request-line",
            "8KiB",
            size(HttpLimits.MIN_REQUEST_LINE_BYTES, HttpLimits.MAX_REQUEST_LINE_BYTES),
            "Longest request line");
    static final Setting<Long> MAX_FIELDS = Setting.of(
            "max-fields", "16KiB", size(HttpLimits.MIN_FIELD_BYTES, HttpLimits.MAX_FIELD_BYTES), "Longest header");
    static final Setting<Integer> MAX_FIELD_COUNT = Setting.of(
            "max-field-count",
            "100",
            new CountFormat(HttpLimits.MIN_FIELD_COUNT, HttpLimits.MAX_FIELD_COUNT),
            "Most header fields");
    static final Setting<Long> MAX_BODY = Setting.of(
            "max-body",
            "1MiB",
            size(HttpLimits.MIN_BODY_BYTES, HttpLimits.MAX_BODY_BYTES),
            "Largest body, decompressed or not");
    static final Setting<Long> BODY_MEMORY = Setting.optional(
            "body-memory",
            SizeFormat.show(HttpLimits.DEFAULTS.collectedBytes()) + ", or " + HttpLimits.MIN_COLLECTED_BODIES
                    + " times --max-body if that is more",
            size(HttpLimits.MIN_COLLECTED_BYTES, HttpLimits.MAX_COLLECTED_BYTES),
            "What unfinished requests and decompressed bodies may take together");
    static final Setting<Duration> HEADER_TIMEOUT = Setting.of(
            "header-timeout", "10s", requestTimes(), "From the first byte of a request to the end of its header");
    static final Setting<Duration> BODY_TIMEOUT =
            Setting.of("body-timeout", "30s", requestTimes(), "From there to the end of its body");
    static final Setting<Duration> IDLE_TIMEOUT =
            Setting.of("idle-timeout", "60s", requestTimes(), "How long a connection may be silent");
    static final Setting<Integer> MAX_CONNECTIONS = Setting.of(
            "max-connections",
            "10000",
            new CountFormat(HttpLimits.MIN_CONNECTIONS, HttpLimits.MAX_CONNECTIONS),
            "Most connections open at the same time");

    static final List<SettingGroup> GROUPS = List.of(
            new SettingGroup(
                    "Network",
                    List.of(
                            LISTEN,
                            ADMIN,
                            ADMIN_HOST,
                            ADMIN_TOKEN,
                            EVENT_LOOPS,
                            TRANSPORT,
                            TLS_CERT,
                            TLS_KEY,
                            WRITE_KEY,
                            WRITE_KEYS_FILE,
                            CORS_ORIGIN,
                            GPC)),
            new SettingGroup("Stores", List.of(DATA_DIR, REDIS, REDIS_WAIT_REPLICAS, POSTGRES)),
            new SettingGroup(
                    "Data path",
                    List.of(
                            ROLE,
                            NODE,
                            ACK,
                            ACK_MAX,
                            ACK_TIMEOUT,
                            WINDOW,
                            FLUSH,
                            KEEP,
                            DEDUP_WINDOW,
                            RETENTION,
                            JOURNAL_SIZE,
                            JOURNAL_DIR,
                            STARTUP_TIMEOUT,
                            SHUTDOWN_TIMEOUT,
                            LOG_FORMAT,
                            DEMO)),
            new SettingGroup(
                    "Limits",
                    List.of(
                            MAX_REQUEST_LINE,
                            MAX_FIELDS,
                            MAX_FIELD_COUNT,
                            MAX_BODY,
                            BODY_MEMORY,
                            HEADER_TIMEOUT,
                            BODY_TIMEOUT,
                            IDLE_TIMEOUT,
                            MAX_CONNECTIONS)));

    private Settings() {}

    /** Half: the shipper, the aggregator and the stores want the rest. */
    private static int defaultLoops() {
        return Math.max(1, Math.min(MAX_LOOPS, Runtime.getRuntime().availableProcessors() / 2));
    }

    private static Format<Duration> times(final Duration min, final Duration max) {
        return new DurationFormat(min, max);
    }

    private static Format<Duration> requestTimes() {
        return times(Duration.ofMillis(HttpLimits.MIN_TIME_MILLIS), Duration.ofMillis(HttpLimits.MAX_TIME_MILLIS));
    }

    private static Format<Long> size(final long minBytes, final long maxBytes) {
        return new SizeFormat(minBytes, maxBytes, false);
    }
}
