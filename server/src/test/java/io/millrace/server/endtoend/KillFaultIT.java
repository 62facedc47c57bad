package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the server at random moments under load. An event that was answered is in the tables exactly once, one that
 * was not at most once, and nothing else is there.
 */
class KillFaultIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final int ROUNDS = 5;
    private static final int CONNECTIONS = 4;

    @TempDir
    private Path dataDir;

    @Test
    void shouldStoreWhatWasAnsweredExactlyOnce() throws Exception {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final Set<String> accepted = new HashSet<>();
        final Set<String> unanswered = new HashSet<>();
        int roundsThatBit = 0;
        try (Stores stores = Stores.start(POSTGRES)) {
            final List<String> options = new ArrayList<>(stores.options());
            options.addAll(List.of("--data-dir", dataDir.toString(), "--event-loops", "2"));
            for (int round = 0; round < ROUNDS; round++) {
                try (ServerProcess server = ServerProcess.startForLoad(options)) {
                    final List<UniqueEvents> load = load(server, round, random);
                    for (final UniqueEvents events : load) {
                        accepted.addAll(events.accepted());
                        unanswered.addAll(events.unanswered());
                    }
                }
                roundsThatBit += storedUsers(stores).keySet().containsAll(accepted) ? 0 : 1;
            }
            try (ServerProcess server = ServerProcess.startForLoad(options)) {
                Await.until(
                        "every event is stored", () -> server.admin("/ledger").number("inFlight") == 0);
                final Map<String, Long> stored = storedUsers(stores);
                final Set<String> lost = new HashSet<>(accepted);
                lost.removeAll(stored.keySet());
                assertThat(lost).as("seed %d: lost", seed).isEmpty();
                final Set<String> invented = new HashSet<>(stored.keySet());
                invented.removeAll(accepted);
                invented.removeAll(unanswered);
                assertThat(invented).as("seed %d: invented", seed).isEmpty();
                stored.values().removeIf(count -> count == 1);
                assertThat(stored).as("seed %d: doubled", seed).isEmpty();
                assertThat(server.admin("/ledger?verify=full").body()).contains("\"balanced\":true");
            }
        }
        // A kill that left nothing to recover proves nothing.
        assertThat(roundsThatBit).as("seed %d: rounds that bit", seed).isGreaterThanOrEqualTo(ROUNDS / 2 + 1);
    }

    /** Sends from several connections and kills the server in the middle of it. */
    private static List<UniqueEvents> load(final ServerProcess server, final int round, final SplittableRandom random)
            throws Exception {
        final AtomicBoolean stopped = new AtomicBoolean();
        final List<UniqueEvents> load = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            final UniqueEvents events =
                    new UniqueEvents(server.ingest(), "r" + round + "c" + i, random.nextLong(), stopped);
            load.add(events);
            threads.add(new Thread(events, "load-" + i));
        }
        threads.forEach(Thread::start);
        Await.until("every connection is answered", () -> load.stream().allMatch(UniqueEvents::isAnswered));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(1_500)));
        server.kill();
        stopped.set(true);
        for (final Thread thread : threads) {
            thread.join();
        }
        return load;
    }

    private static Map<String, Long> storedUsers(final Stores stores) throws Exception {
        final Map<String, Long> users = new HashMap<>();
        stores.tables().users().forEach((key, count) -> users.merge(key.user(), count, Long::sum));
        return users;
    }
}
