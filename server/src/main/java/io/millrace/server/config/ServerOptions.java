package io.millrace.server.config;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.journal.Journal;
import io.millrace.server.decode.EventDecoder;
import io.millrace.server.http.HttpLimits;
import io.millrace.server.ingest.AckSettings;
import io.millrace.server.ingest.IngestSettings;
import io.millrace.server.ingest.WriteKeys;
import io.millrace.server.tls.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options of {@code millrace run}, from the command line to a {@link ServerConfig}. */
public final class ServerOptions {
    /** The system property by which the launcher says where it lies; the data folder is beside it. */
    public static final String HOME_PROPERTY = "millrace.home";

    private static final CommandOptions OPTIONS = new CommandOptions(Settings.GROUPS);

    private ServerOptions() {}

    /** Declares the options on a command. */
    public static void declare(final CommandSpec command) {
        OPTIONS.declare(command);
    }

    /**
     * Finds and checks the value of every option.
     *
     * @param parsed a command line of the command that {@link #declare} was called for
     * @param environment of the process
     * @throws ConfigException if an option is wrong; nothing has been touched then
     */
    public static ServerConfig resolve(final ParseResult parsed, final Map<String, String> environment) {
        final SettingSources sources = OPTIONS.sources(parsed, environment);
        final ServerConfig config = config(sources);
        checkTogether(sources, config);
        return config;
    }

    /** The data folder, absolute. */
    static Path dataDir(final SettingSources sources) {
        final Path home = Path.of(System.getProperty(HOME_PROPERTY, ""));
        return absolute(sources.optional(Settings.DATA_DIR).orElse(home.resolve("data")));
    }

    private static ServerConfig config(final SettingSources sources) {
        final Path dataDir = dataDir(sources);
        final Optional<Path> journalDir = sources.optional(Settings.JOURNAL_DIR);
        final Optional<Path> writeKeysFile =
                sources.optional(Settings.WRITE_KEYS_FILE).map(ServerOptions::absolute);
        return new ServerConfig(
                sources.value(Settings.LISTEN),
                new AdminConfig(
                        sources.value(Settings.ADMIN),
                        sources.optional(Settings.ADMIN_HOST).orElse(Set.of()),
                        sources.optional(Settings.ADMIN_TOKEN)),
                dataDir,
                sources.optional(Settings.REDIS),
                sources.value(Settings.REDIS_WAIT_REPLICAS),
                sources.optional(Settings.POSTGRES),
                sources.value(Settings.ROLE),
                sources.optional(Settings.NODE),
                sources.value(Settings.EVENT_LOOPS),
                sources.value(Settings.TRANSPORT),
                new JournalConfig(
                        absolute(journalDir.orElse(dataDir.resolve("journal"))),
                        sources.value(Settings.JOURNAL_SIZE).intValue()),
                sources.value(Settings.WINDOW),
                sources.value(Settings.FLUSH),
                sources.value(Settings.KEEP),
                sources.value(Settings.DEDUP_WINDOW),
                sources.optional(Settings.RETENTION),
                sources.value(Settings.STARTUP_TIMEOUT),
                sources.value(Settings.SHUTDOWN_TIMEOUT),
                new IngestSettings(
                        limits(sources),
                        writeKeys(sources, writeKeysFile),
                        sources.value(Settings.CORS_ORIGIN),
                        ack(sources),
                        sources.value(Settings.GPC)),
                tls(sources),
                writeKeysFile,
                sources.value(Settings.LOG_FORMAT),
                sources.value(Settings.DEMO));
    }

    private static WriteKeys writeKeys(final SettingSources sources, final Optional<Path> file) {
        final Optional<WriteKeys> given = sources.optional(Settings.WRITE_KEY);
        if (file.isEmpty()) {
            return given.orElse(WriteKeys.NONE);
        }
        if (given.isPresent()) {
            throw new ConfigException(sources.show(Settings.WRITE_KEYS_FILE)
                    + ": keys are given by --write-key (or " + Settings.WRITE_KEY.variable()
                    + ") too: put all of them into the file");
        }
        try {
            return WriteKeys.read(file.get());
        } catch (final IOException e) {
            throw new ConfigException(sources.show(Settings.WRITE_KEYS_FILE) + ": " + e.getMessage());
        }
    }

    private static Optional<TlsFiles> tls(final SettingSources sources) {
        final Optional<Path> certificate = sources.optional(Settings.TLS_CERT).map(ServerOptions::absolute);
        final Optional<Path> key = sources.optional(Settings.TLS_KEY).map(ServerOptions::absolute);
        if (certificate.isPresent() != key.isPresent()) {
            final Setting<?> given = certificate.isPresent() ? Settings.TLS_CERT : Settings.TLS_KEY;
            final Setting<?> missing = certificate.isPresent() ? Settings.TLS_KEY : Settings.TLS_CERT;
            throw new ConfigException(sources.show(given) + ": of no use without " + missing.option() + " (or "
                    + missing.variable() + "): give both, or none");
        }
        return certificate.map(file -> new TlsFiles(file, key.orElseThrow()));
    }

    private static AckSettings ack(final SettingSources sources) {
        final AckLevel level = sources.value(Settings.ACK);
        final AckLevel max = sources.value(Settings.ACK_MAX);
        if (level.compareTo(max) > 0) {
            throw new ConfigException(sources.show(Settings.ACK) + ": above " + sources.show(Settings.ACK_MAX)
                    + ": give --ack-max=" + level.word() + " or higher, or a lower --ack");
        }
        return new AckSettings(level, max, millis(sources.value(Settings.ACK_TIMEOUT)));
    }

    private static HttpLimits limits(final SettingSources sources) {
        final int maxBodyBytes = sources.value(Settings.MAX_BODY).intValue();
        return new HttpLimits(
                sources.value(Settings.MAX_REQUEST_LINE).intValue(),
                sources.value(Settings.MAX_FIELDS).intValue(),
                sources.value(Settings.MAX_FIELD_COUNT),
                maxBodyBytes,
                millis(sources.value(Settings.HEADER_TIMEOUT)),
                millis(sources.value(Settings.BODY_TIMEOUT)),
                millis(sources.value(Settings.IDLE_TIMEOUT)),
                sources.value(Settings.MAX_CONNECTIONS),
                bodyMemoryBytes(sources, HttpLimits.minCollectedBytes(maxBodyBytes)));
    }

    private static long bodyMemoryBytes(final SettingSources sources, final long leastBytes) {
        final long bytes = sources.optional(Settings.BODY_MEMORY)
                .orElseGet(() -> Math.max(HttpLimits.DEFAULTS.collectedBytes(), leastBytes));
        if (bytes < leastBytes) {
            throw new ConfigException(sources.show(Settings.BODY_MEMORY) + ": too small for "
                    + sources.show(Settings.MAX_BODY) + ", of which " + HttpLimits.MIN_COLLECTED_BODIES
                    + " must have room: give --body-memory=" + SizeFormat.show(leastBytes)
                    + " or more, or a smaller --max-body");
        }
        return bytes;
    }

    private static long millis(final Duration duration) {
        return duration.toMillis();
    }

    private static Path absolute(final Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static void checkTogether(final SettingSources sources, final ServerConfig config) {
        final int largest =
                EventDecoder.maxEncodedJsonBytes(config.ingest().limits().bodyBytes());
        if (Journal.maxClaimBytes(config.journal().sizeBytes()) < largest) {
            throw new ConfigException(sources.show(Settings.JOURNAL_SIZE) + ": too small for "
                    + sources.show(Settings.MAX_BODY) + ", which may take up to an eighth of it: "
                    + remedy(largest));
        }
        final InetSocketAddress listen = config.listen();
        if (listen.getPort() != 0 && listen.equals(config.admin().address())) {
            throw new ConfigException(sources.show(Settings.ADMIN) + ": the same as " + sources.show(Settings.LISTEN)
                    + ": give each a port of its own");
        }
        if (config.redisWaitReplicas() > 0 && config.redis().isEmpty()) {
            throw new ConfigException(sources.show(Settings.REDIS_WAIT_REPLICAS)
                    + ": an embedded Redis has no replicas: give one that has by --redis");
        }
        if (config.role() != Role.ALL && config.redis().isEmpty()) {
            throw new ConfigException(sources.show(Settings.ROLE)
                    + ": an embedded Redis serves --role=all only: give the one that both roles share by --redis");
        }
        checkAdmin(sources, config.admin());
        checkDemo(sources, config);
    }

    private static void checkAdmin(final SettingSources sources, final AdminConfig admin) {
        final InetSocketAddress address = admin.address();
        if (admin.token().isEmpty()
                && !address.isUnresolved()
                && !address.getAddress().isLoopbackAddress()) {
            throw new ConfigException(sources.show(Settings.ADMIN)
                    + ": not a loopback address, others than this machine may reach it: set --admin-token (or "
                    + Settings.ADMIN_TOKEN.variable() + "), or listen on 127.0.0.1:" + address.getPort());
        }
    }

    private static void checkDemo(final SettingSources sources, final ServerConfig config) {
        if (!config.demo()) {
            return;
        }
        if (config.role() == Role.AGGREGATE) {
            throw new ConfigException(sources.show(Settings.DEMO) + ": " + sources.show(Settings.ROLE)
                    + " takes no events in: leave --demo away, or give --role=all");
        }
        if (config.tls().isPresent()) {
            throw new ConfigException(sources.show(Settings.DEMO)
                    + ": simulated events are sent in the clear: leave --demo or --tls-cert away");
        }
        if (config.ingest().writeKeys().required()) {
            throw new ConfigException(sources.show(Settings.DEMO)
                    + ": simulated events carry no key: leave --demo or the write keys away");
        }
    }

    private static String remedy(final int largestBytes) {
        long size = Journal.MIN_CAPACITY_BYTES;
        while (size <= Journal.MAX_CAPACITY_BYTES && Journal.maxClaimBytes((int) size) < largestBytes) {
            size <<= 1;
        }
        return size > Journal.MAX_CAPACITY_BYTES
                ? "give a smaller --max-body"
                : "give --journal-size=" + SizeFormat.show(size) + " or more, or a smaller --max-body";
    }
}
