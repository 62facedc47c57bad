package io.millrace.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.storage.embedded.process.Tools;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With threads of the kernel; whether a nice value below 0 is allowed here, a program of the system says. */
class PrecedenceTest {
    private static final int LOOPS = 2;
    /** Of proc_pid_stat(5), counted behind the name, which may hold blanks. */
    private static final int NICE_FIELD = 19 - 3;

    private MultiThreadIoEventLoopGroup loops;

    @BeforeEach
    void start() {
        assumeThat(Path.of("/proc/thread-self")).exists();
        loops = new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
    }

    @AfterEach
    void stop() {
        if (loops != null) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void shouldLetTheEventLoopsGoFirstWhereThatIsAllowed() throws Exception {
        final int before = niceness(Path.of("/proc/thread-self"));
        final int expected = isAllowed(before) ? Precedence.NICENESS : before;
        Precedence.give(loops);
        final Set<String> threads = new HashSet<>();
        for (final var loop : loops) {
            final Path thread = loop.submit(() -> Files.readSymbolicLink(Path.of("/proc/thread-self")))
                    .sync()
                    .getNow();
            threads.add(thread.toString());
            assertThat(niceness(Path.of("/proc").resolve(thread))).isEqualTo(expected);
        }
        assertThat(threads).hasSize(LOOPS);
        assertThat(niceness(Path.of("/proc/thread-self"))).as("this thread").isEqualTo(before);
    }

    /** Whether a program that asks for it gets it. */
    private static boolean isAllowed(final int before) throws IOException, InterruptedException {
        final String wanted = Integer.toString(Precedence.NICENESS - before);
        final Tools.Result result = Tools.run(List.of("/usr/bin/env", "nice", "-n", wanted, "nice"));
        return result.output().strip().equals(Integer.toString(Precedence.NICENESS));
    }

    private static int niceness(final Path folder) throws IOException {
        final String stat = Files.readString(folder.resolve("stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE_FIELD]);
    }
}
