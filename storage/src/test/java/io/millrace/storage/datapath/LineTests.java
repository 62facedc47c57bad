package io.millrace.storage.datapath;

import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of a {@link Line} have in common: it is new for each. */
abstract class LineTests extends DataPathTests {
    private Line line;

    @BeforeEach
    final void open() throws Exception {
        line = new Line(folder(), RedisStreams.open(RedisOptions.of(REDIS.uri())), database());
    }

    @AfterEach
    final void close() {
        line.close();
    }

    final Line line() {
        return line;
    }
}
