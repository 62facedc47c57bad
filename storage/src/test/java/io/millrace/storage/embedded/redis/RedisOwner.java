package io.millrace.storage.embedded.redis;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that owns an embedded Redis until it is killed. Prints the process id of Redis once that is ready. */
final class RedisOwner {
    private RedisOwner() {}

    public static void main(final String[] arguments) throws Exception {
        final EmbeddedRedis redis = EmbeddedRedis.start(Path.of(arguments[0]));
        System.out.println(redis.pid());
        new CountDownLatch(1).await();
    }
}
