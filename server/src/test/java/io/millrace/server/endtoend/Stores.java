package io.millrace.server.endtoend;

import io.millrace.storage.embedded.redis.EmbeddedRedis;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.TempFolders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Redis and a database for one test, given to the server by their addresses. */
final class Stores implements AutoCloseable {
    private final Path folder;
    private final EmbeddedRedis redis;
    private final PostgresSettings database;

    private Stores(final Path folder, final EmbeddedRedis redis, final PostgresSettings database) {
        this.folder = folder;
        this.redis = redis;
        this.database = database;
    }

    /** Starts a Redis, and makes a database, which goes with the test class. */
    static Stores start(final PostgresExtension postgres) throws Exception {
        final Path folder = Files.createTempDirectory("millrace-stores");
        return new Stores(folder, EmbeddedRedis.start(folder), postgres.newDatabase());
    }

    /** The options that point a server at these stores. */
    List<String> options() {
        return List.of("--redis", redis.uri(), "--postgres", url(database));
    }

    /** A database as an option of the server names it, with user and password. */
    static String url(final PostgresSettings database) {
        final String url = database.jdbcUrl();
        return url + (url.contains("?") ? '&' : '?') + "user=" + database.user() + "&password=" + database.password();
    }

    /** Redis's address with its password. */
    String redisUri() {
        return redis.uri();
    }

    /** Both passwords. */
    List<String> secrets() {
        final String redisPassword = URI.create(redis.uri()).getUserInfo().replaceFirst("^[^:]*:", "");
        return List.of(redisPassword, database.password());
    }

    Tables tables() {
        return new Tables(database.jdbcUrl(), database.user(), database.password());
    }

    @Override
    public void close() throws IOException {
        redis.close();
        TempFolders.delete(folder);
    }
}
