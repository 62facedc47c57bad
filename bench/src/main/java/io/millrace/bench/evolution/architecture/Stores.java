package io.millrace.bench.evolution.architecture;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.millrace.storage.embedded.postgres.EmbeddedPostgres;
import io.millrace.storage.embedded.redis.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Redis and PostgreSQL as Millrace starts them for itself, with the clients that the architectures use. Thread-safe.
 */
final class Stores implements AutoCloseable {
    /** Of the 40 connections that the embedded PostgreSQL has: on two processors more would only wait for one another. */
    private static final int POOL_SIZE = 20;

    private static final String CREATE_TABLES = """
            CREATE TABLE events (id bigserial PRIMARY KEY, user_id text NOT NULL, action text NOT NULL,
              element text NOT NULL, timestamp timestamptz NOT NULL);
            CREATE TABLE aggregated_events (id bigserial PRIMARY KEY, window_start timestamptz NOT NULL,
              action text NOT NULL, element text NOT NULL, count bigint NOT NULL);
            CREATE TABLE user_event_maps (id bigserial PRIMARY KEY,
              aggregated_event_id bigint NOT NULL REFERENCES aggregated_events (id), user_id text NOT NULL,
              count int NOT NULL);
            CREATE INDEX ON events (user_id);
            CREATE INDEX ON events (timestamp);
            CREATE INDEX ON aggregated_events (window_start);
            CREATE INDEX ON user_event_maps (aggregated_event_id);
            CREATE INDEX ON user_event_maps (user_id)""";

    private final EmbeddedRedis redis;
    private final EmbeddedPostgres postgres;
    private final HikariDataSource pool;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private Stores(final EmbeddedRedis redis, final EmbeddedPostgres postgres) throws SQLException {
        this.redis = redis;
        this.postgres = postgres;
        final HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl() + "&reWriteBatchedInserts=true");
        config.setUsername(postgres.user());
        config.setPassword(postgres.password());
        config.setMaximumPoolSize(POOL_SIZE);
        pool = new HikariDataSource(config);
        try (Connection session = pool.getConnection();
                Statement statement = session.createStatement()) {
            statement.execute(CREATE_TABLES);
        }
        client = RedisClient.create(redis.uri());
        connection = client.connect();
    }

    /** Starts both on an empty folder and makes the tables, which are those of the service that this rebuilds. */
    @SuppressWarnings("MustBeClosedChecker") // they are closed with this
    static Stores start(final Path folder) throws Exception {
        return new Stores(EmbeddedRedis.start(folder), EmbeddedPostgres.start(folder));
    }

    Connection session() throws SQLException {
        return pool.getConnection();
    }

    /** One connection for all: Lettuce pipelines what its callers send. */
    StatefulRedisConnection<String, String> redis() {
        return connection;
    }

    @Override
    public void close() throws IOException {
        connection.close();
        client.shutdown();
        pool.close();
        postgres.close();
        redis.close();
    }
}
