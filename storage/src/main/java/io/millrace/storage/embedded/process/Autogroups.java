package io.millrace.storage.embedded.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the processes that a server forks stand back where nice(1) alone cannot.
 *
 * <p>With autogroups, which Linux has on by default, a nice value counts only among the processes of one session: sched(7). A
 * server that begins a session for each process, as PostgreSQL does, gives each the weight of all that its parent's session runs,
 * whatever its nice value. The weight of a session is set in {@code /proc/[pid]/autogroup}; whoever forks processes later has to be
 * watched.
 *
 * <p>A thread of its own looks twice a second. Without autogroups there is none. A process is weighed within a second of its start;
 * where the kernel lets this user set one weight at a time, within a few.
 */
public final class Autogroups implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Autogroups.class);
    private static final Path PROC = Path.of("/proc");
    private static final Path SWITCH = PROC.resolve("sys/kernel/sched_autogroup_enabled");
    private static final long INTERVAL_MILLIS = 500;

    private final LongSupplier server;
    private final int niceness;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Set<Long> weighed = new HashSet<>();

    private Autogroups(final LongSupplier server, final int niceness) {
        this.server = server;
        this.niceness = niceness;
    }

    /**
     * Begins to watch.
     *
     * @param server tells the process id of the server of now
     * @param niceness of the sessions of its children, as nice(1) counts; not negative
     */
    public static Autogroups watch(final String name, final LongSupplier server, final int niceness) {
        final Autogroups autogroups = new Autogroups(server, niceness);
        if (areOn()) {
            final Thread thread = new Thread(autogroups::run, name + "-autogroups");
            thread.setDaemon(true);
            thread.start();
        }
        return autogroups;
    }

    private static boolean areOn() {
        try {
            return Files.readString(SWITCH).strip().equals("1");
        } catch (final IOException noneHere) {
            return false;
        }
    }

    private void run() {
        try {
            do {
                weigh(children(server.getAsLong()));
            } while (!closing.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** None if the process has ended, or ends while it is asked. */
    private static Set<Long> children(final long pid) {
        final Set<Long> children = new HashSet<>();
        try {
            for (final String child : Files.readString(PROC.resolve(pid + "/task/" + pid + "/children"))
                    .strip()
                    .split(" ", -1)) {
                if (!child.isEmpty()) {
                    children.add(Long.valueOf(child));
                }
            }
        } catch (final IOException ended) {
            LOGGER.debug("process {} tells no children: {}", pid, ended.getMessage());
        }
        return children;
    }

    private void weigh(final Set<Long> children) {
        weighed.retainAll(children);
        for (final long child : children) {
            if (!weighed.contains(child)) {
                // Not a channel: "try again" is no IOException there.
                try (FileOutputStream file = new FileOutputStream("/proc/" + child + "/autogroup")) {
                    file.write(Integer.toString(niceness).getBytes(US_ASCII));
                    weighed.add(child);
                } catch (final IOException e) {
                    // It has ended, or the kernel takes no more for now: seen again, it is tried again.
                    LOGGER.debug("process {} is not weighed: {}", child, e.getMessage());
                }
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
