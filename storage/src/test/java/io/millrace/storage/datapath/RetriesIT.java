package io.millrace.storage.datapath;

import static io.millrace.storage.testing.PostgresExtension.number;
import static io.millrace.storage.testing.PostgresExtension.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KillArgs;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that send again what they have sent, to whichever node, while parts of the path fail. */
class RetriesIT extends DataPathTests {
    private static final long NOW_MILLIS = 1_767_225_600_000L;
    private static final int ROUNDS = 40;
    private static final int EVENTS_A_ROUND = 30;

    private RedisStreams streams;
    private final List<Node> nodes = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private long sent;

    @BeforeEach
    void open() throws Exception {
        streams = RedisStreams.open(RedisOptions.of(REDIS.uri()));
        nodes.add(Node.amongOthers("n", folder(), streams, database()));
        nodes.add(Node.amongOthers("m", folder(), streams, database()));
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
        streams.close();
    }

    @Test
    void shouldCountEachIdOnceThroughAnyNodeAndFault() throws Exception {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < EVENTS_A_ROUND; i++) {
                send(random);
            }
            nodes.forEach(node -> node.step(random.nextInt(3)));
            if (round == ROUNDS / 2) {
                POSTGRES.kill();
            } else {
                fault(random);
            }
        }
        Await.until("all is stored", () -> {
            nodes.forEach(Node::step);
            return nodes.stream().allMatch(Node::isStored);
        });

        assertThat(rows(database(), "SELECT user_id, count FROM user_events WHERE count <> 1"))
                .as("seed %d", seed)
                .isEmpty();
        assertThat(number(database(), "SELECT count(*) FROM user_events"))
                .as("seed %d", seed)
                .isEqualTo(ids.size());
        assertThat(rows(
                        database(),
                        "SELECT sum(last_event), sum(counted), sum(duplicates), sum(poisoned + lost)"
                                + " FROM stream_watermarks"))
                .containsExactly(List.of(text(sent), text(ids.size()), text(sent - ids.size()), "0"));
    }

    /** A new id, or one that was sent before; each with a user of its own. */
    private void send(final Random random) {
        final String id = "id" + random.nextInt(ROUNDS * EVENTS_A_ROUND / 2);
        ids.add(id);
        sent++;
        nodes.get(random.nextInt(nodes.size()))
                .commit(0, new TestEvent(NOW_MILLIS, "user of " + id, "click", "e" + random.nextInt(3), id));
    }

    private void fault(final Random random) throws Exception {
        switch (random.nextInt(6)) {
            case 0 -> endSessions();
            case 1 -> nodes.get(random.nextInt(nodes.size())).restartAggregator();
            case 2 -> REDIS.commands().clientKill(KillArgs.Builder.skipme());
            case 3 -> REDIS.commands().flushall();
            default -> {} // two rounds of three without one
        }
    }

    private void endSessions() throws Exception {
        // The server may be recovering yet.
        Await.success("the sessions are ended", () -> {
            PostgresExtension.execute(
                    database(),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND pid <> pg_backend_pid()");
            return null;
        });
    }

    private static String text(final long number) {
        return Long.toString(number);
    }
}
