package io.millrace.server;

import io.millrace.server.config.ConnectionUri;
import io.millrace.server.config.Role;
import io.millrace.server.config.ServerConfig;
import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.postgres.EmbeddedPostgres;
import io.millrace.storage.embedded.redis.EmbeddedRedis;
import io.millrace.storage.postgres.PostgresSchema;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.CloseHelper;

/** The Redis and the PostgreSQL of this server: those that it was given, or children of its own. */
final class Stores implements AutoCloseable {
    private final ServerConfig config;
    private final EmbeddedRedis embeddedRedis;
    private final EmbeddedPostgres embeddedPostgres;
    private final RedisStreams streams;
    private final PostgresSettings postgres;

    private Stores(
            final ServerConfig config, final EmbeddedRedis embeddedRedis, final EmbeddedPostgres embeddedPostgres) {
        this.config = config;
        this.embeddedRedis = embeddedRedis;
        this.embeddedPostgres = embeddedPostgres;
        streams = RedisStreams.open(RedisOptions.of(
                        embeddedRedis == null ? config.redis().orElseThrow().value() : embeddedRedis.uri())
                .withWaitReplicas(config.redisWaitReplicas()));
        postgres = embeddedPostgres == null ? parse(config) : settings(embeddedPostgres);
    }

    /**
     * Starts the children, one beside the other, where the server was given no store of that kind.
     *
     * @throws StartupException if one does not start
     */
    static Stores open(final ServerConfig config, final Path dataDir) throws InterruptedException {
        final Start<EmbeddedPostgres> postgres = new Start<>(
                "postgres-start", () -> needsEmbeddedPostgres(config) ? EmbeddedPostgres.start(dataDir) : null);
        final Start<EmbeddedRedis> redis =
                new Start<>("redis-start", () -> config.redis().isEmpty() ? EmbeddedRedis.start(dataDir) : null);
        try {
            return new Stores(config, redis.await(), postgres.await());
        } catch (final StartupException | InterruptedException e) {
            redis.abandon();
            postgres.abandon();
            throw e;
        }
    }

    RedisStreams streams() {
        return streams;
    }

    /** Null if this role has no PostgreSQL. */
    PostgresSettings postgres() {
        return postgres;
    }

    /**
     * Waits for Redis and checks it.
     *
     * @throws StartupException if it cannot be reached within the startup timeout, or cannot be used
     */
    void checkRedis() {
        streams.check(config.startupTimeout());
    }

    /**
     * Waits for PostgreSQL, checks it, and brings its schema up to date.
     *
     * @throws StartupException if it cannot be reached within the startup timeout, or cannot be used
     */
    void preparePostgres() {
        PostgresSchema.prepare(postgres, config.window().toMillis(), config.startupTimeout());
    }

    String describeRedis() {
        return streams.address() + (embeddedRedis == null ? "" : " (embedded)");
    }

    String describePostgres() {
        return postgres.target() + (embeddedPostgres == null ? "" : " (embedded)");
    }

    @Override
    public void close() {
        CloseHelper.closeAll(streams, embeddedRedis, embeddedPostgres);
    }

    private static boolean needsEmbeddedPostgres(final ServerConfig config) {
        return config.postgres().isEmpty() && config.role() != Role.INGEST;
    }

    private static PostgresSettings parse(final ServerConfig config) {
        if (config.role() == Role.INGEST) {
            return null;
        }
        final ConnectionUri url = config.postgres().orElseThrow();
        try {
            return PostgresSettings.parse(url.value());
        } catch (final IllegalArgumentException e) {
            throw new StartupException("--postgres: " + e.getMessage(), e);
        }
    }

    private static PostgresSettings settings(final EmbeddedPostgres postgres) {
        return new PostgresSettings(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    /** A child that is being started on a thread of its own. */
    private static final class Start<T extends AutoCloseable> {
        private final Thread thread;
        private T started;
        private Exception failure;

        Start(final String name, final Starter<T> starter) {
            thread = new Thread(() -> run(starter), name);
            thread.start();
        }

        /** Waits for the start to succeed or fail. */
        T await() throws InterruptedException {
            thread.join();
            if (failure instanceof StartupException refused) {
                throw refused;
            }
            if (failure != null) {
                throw new StartupException("an embedded store does not start: " + failure, failure);
            }
            return started;
        }

        /** Ends the start, or what was started. */
        void abandon() throws InterruptedException {
            thread.interrupt();
            thread.join();
            CloseHelper.quietClose(started);
        }

        private void run(final Starter<T> starter) {
            try {
                started = starter.start();
            } catch (final IOException | InterruptedException | RuntimeException e) {
                failure = e;
            }
        }
    }

    /** Starts a child. */
    @FunctionalInterface
    private interface Starter<T> {
        T start() throws IOException, InterruptedException;
    }
}
