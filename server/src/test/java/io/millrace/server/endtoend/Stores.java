package io.millrace.server.endtoend;

import io.millrace.storage.embedded.postgres.EmbeddedPostgres;
import io.millrace.storage.embedded.redis.EmbeddedRedis;
import io.millrace.storage.testing.TempFolders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** A Redis and a PostgreSQL for one test, started by it and given to the server by their addresses. */
final class Stores implements AutoCloseable {
    private final Path folder;
    private final EmbeddedRedis redis;
    private final EmbeddedPostgres postgres;

    private Stores(final Path folder, final EmbeddedRedis redis, final EmbeddedPostgres postgres) {
        this.folder = folder;
        this.redis = redis;
        this.postgres = postgres;
    }

    static Stores start() throws Exception {
        final Path folder = Files.createTempDirectory("millrace-stores");
        return new Stores(folder, EmbeddedRedis.start(folder), EmbeddedPostgres.start(folder));
    }

    /** The options that point a server at these stores. */
    List<String> options() {
        return List.of(
                "--redis",
                redis.uri(),
                "--postgres",
                postgres.jdbcUrl() + "&user=" + postgres.user() + "&password=" + postgres.password());
    }

    /** Redis's address with its password. */
    String redisUri() {
        return redis.uri();
    }

    /** Both passwords. */
    List<String> secrets() {
        final String redisPassword = URI.create(redis.uri()).getUserInfo().replaceFirst("^[^:]*:", "");
        return List.of(redisPassword, postgres.password());
    }

    long redisPid() {
        return redis.pid();
    }

    /** PostgreSQL's postmaster; the processes that do its work are its children. */
    long postgresPid() {
        return postgres.pid();
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    Tables tables() {
        return new Tables(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    @Override
    public void close() throws IOException {
        redis.close();
        postgres.close();
        TempFolders.delete(folder);
    }
}
