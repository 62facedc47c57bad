package io.millrace.storage.datapath;

import io.millrace.storage.postgres.PostgresSchema;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the data path have in common: each has an empty Redis, a database with empty tables, and a folder. */
abstract class DataPathTests {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @TempDir
    private Path folder;

    private PostgresSettings database;

    @BeforeEach
    final void emptyStores() throws Exception {
        REDIS.commands().flushall();
        database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, 10_000, Duration.ofSeconds(10));
    }

    final PostgresSettings database() {
        return database;
    }

    /** Of the test alone, and gone with it. */
    final Path folder() {
        return folder;
    }
}
