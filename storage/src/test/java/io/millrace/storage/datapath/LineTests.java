package io.millrace.storage.datapath;

import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of a {@link Line} have in common: it is new for each, over an empty Redis and a database of its own. */
abstract class LineTests {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @TempDir
    private Path folder;

    private Line line;

    @BeforeEach
    final void open() throws Exception {
        REDIS.commands().flushall();
        line = new Line(folder, RedisStreams.open(RedisOptions.of(REDIS.uri())), POSTGRES.newDatabase());
    }

    @AfterEach
    final void close() {
        line.close();
    }

    final Line line() {
        return line;
    }

    /** Of the test alone, and gone with it. */
    final Path folder() {
        return folder;
    }
}
