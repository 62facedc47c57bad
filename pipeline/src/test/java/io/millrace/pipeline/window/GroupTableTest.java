package io.millrace.pipeline.window;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.testing.TestEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class GroupTableTest {
    private final GroupTable table = new GroupTable(10_000, 42);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1_024]);
    private final EventFlyweight flyweight = new EventFlyweight();

    @Test
    void shouldRoundTimestampsDownToTheirWindow() {
        add(new TestEvent(19_999, "u", "a", "e"));
        add(new TestEvent(20_000, "u", "a", "e"));

        assertThat(contents()).isEqualTo(Map.of("10000 a e u", 1L, "20000 a e u", 1L));
    }

    @Test
    void shouldCountTheEventsOfEachUserOfAGroup() {
        add(new TestEvent(1, "u", "a", "e"));
        add(new TestEvent(2, "v", "a", "e"));
        add(new TestEvent(3, "u", "a", "e"));

        assertThat(table.groupCount()).isEqualTo(1);
        assertThat(table.count(0)).isEqualTo(3);
        assertThat(table.userCount(0)).isEqualTo(2);
        assertThat(contents()).isEqualTo(Map.of("0 a e u", 2L, "0 a e v", 1L));
    }

    @Test
    void shouldTellActionAndElementApart() {
        add(new TestEvent(1, "u", "a", "b"));
        add(new TestEvent(1, "u", "b", "a"));

        assertThat(table.groupCount()).isEqualTo(2);
    }

    /** Many keys of many lengths, over several flushes, against a map. */
    @Test
    void shouldAgreeWithAMap() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int flush = 0; flush < 5; flush++) {
            final Map<String, Long> model = new HashMap<>();
            for (int i = 0; i < 30_000; i++) {
                final long time = random.nextLong(30_000);
                final String user = "u".repeat(1 + random.nextInt(20)) + random.nextInt(500);
                final String action = "action" + random.nextInt(3);
                final String element = "e".repeat(1 + random.nextInt(30));
                add(new TestEvent(time, user, action, element));
                model.merge(time / 10_000 * 10_000 + " " + action + " " + element + " " + user, 1L, Long::sum);
            }
            assertThat(table.eventCount()).isEqualTo(30_000);
            assertThat(contents()).as("seed %d", seed).isEqualTo(model);
            table.clear();
            assertThat(table.groupCount()).isZero();
            assertThat(table.eventCount()).isZero();
        }
    }

    private void add(final TestEvent event) {
        final int length = event.write(buffer, 0);
        assertThat(flyweight.tryWrap(buffer, 0, length)).isTrue();
        table.add(flyweight);
    }

    private Map<String, Long> contents() {
        final Map<String, Long> contents = new HashMap<>();
        for (int group = 0; group < table.groupCount(); group++) {
            final String key = table.windowStartMillis(group) + " " + text(table.labels(), table.action(group)) + " "
                    + text(table.labels(), table.element(group)) + " ";
            long count = 0;
            int users = 0;
            for (int entry = table.firstEntry(group); entry != GroupTable.NO_ENTRY; entry = table.nextEntry(entry)) {
                contents.put(key + text(table.users(), table.entryUser(entry)), (long) table.entryEvents(entry));
                count += table.entryEvents(entry);
                users++;
            }
            assertThat(table.count(group)).isEqualTo(count);
            assertThat(table.userCount(group)).isEqualTo(users);
        }
        return contents;
    }

    private static String text(final ByteDictionary dictionary, final int id) {
        return new String(dictionary.bytes(), dictionary.offset(id), dictionary.length(id), UTF_8);
    }
}
