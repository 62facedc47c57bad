package io.millrace.pipeline.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.testing.TestEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final int CAPACITY = Journal.MIN_CAPACITY_BYTES;
    private static final UUID BOOT = UUID.randomUUID();

    @TempDir
    private Path folder;

    private Journal journal;
    private JournalWriter writer;
    private JournalReader reader;

    @BeforeEach
    void create() throws IOException {
        use(Journal.create(folder.resolve("n-0.journal"), CAPACITY, "s", BOOT, 7));
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void shouldHandOverWhatWasCommittedInOrder() {
        assertThat(commit("a", "b")).isEqualTo(2);
        assertThat(commit("c")).isEqualTo(3);

        assertThat(peekUsers()).containsExactly("1:a", "2:b", "3:c");
    }

    @Test
    void shouldHandOverTheSameAgainUntilAdvanced() {
        commit("a");
        assertThat(peekUsers()).containsExactly("1:a");
        assertThat(peekUsers()).containsExactly("1:a");

        reader.advance();

        assertThat(peekUsers()).isEmpty();
        commit("b");
        assertThat(peekUsers()).containsExactly("2:b");
    }

    @Test
    void shouldNotHandOverAnOpenClaim() {
        writer.tryClaim(100);

        assertThat(peekUsers()).isEmpty();
    }

    @Test
    void shouldGiveBackWhatAClaimDidNotNeed() {
        final TestEvent event = event("a");
        final int index = writer.tryClaim(4_000);
        writer.commit(event.write(writer.buffer(), index), 1);

        assertThat(reader.usedBytes()).isLessThan(100);
        commit("b");
        assertThat(peekUsers()).containsExactly("1:a", "2:b");
    }

    @Test
    void shouldLeaveNothingOfAnAbortedClaim() {
        writer.tryClaim(4_000);
        writer.abort();
        assertThat(reader.usedBytes()).isZero();

        commit("a");

        assertThat(peekUsers()).containsExactly("1:a");
    }

    @Test
    void shouldRefuseASecondClaimAndACommitWithoutOne() {
        writer.tryClaim(10);
        assertThatThrownBy(() -> writer.tryClaim(10)).isInstanceOf(IllegalStateException.class);
        writer.abort();
        assertThatThrownBy(writer::abort).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefuseToCommitMoreThanWasClaimed() {
        writer.tryClaim(10);

        assertThatThrownBy(() -> writer.commit(100, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSayWhenItIsFullAndTakeMoreOnceFreed() {
        long last = 0;
        for (long sequence = commit("a"); sequence != JournalWriter.FULL; sequence = commit("a")) {
            last = sequence;
        }
        peekUsers();
        reader.advance();
        assertThat(commit("a")).isEqualTo(JournalWriter.FULL);

        reader.free(last / 2);

        assertThat(commit("b")).isEqualTo(last + 1);
        assertThat(reader.freedSequence()).isEqualTo(last / 2);
    }

    @Test
    void shouldFreeOnlyRecordsThatAreCoveredWhole() {
        commit("a", "b", "c");
        commit("d");

        assertThat(reader.free(2)).isZero();
        assertThat(reader.free(3)).isPositive();
        assertThat(peekUsers()).containsExactly("4:d");
    }

    @Test
    void shouldSeekTheRecordThatHoldsTheNextEvent() {
        commit("a", "b");
        commit("c", "d");
        commit("e");
        peekUsers();
        reader.advance();

        reader.seek(2);
        assertThat(peekUsers()).startsWith("3:c");
        reader.seek(3);
        assertThat(peekUsers()).startsWith("3:c");
        reader.seek(0);
        assertThat(peekUsers()).startsWith("1:a");
        reader.seek(5);
        assertThat(peekUsers()).isEmpty();
    }

    @Test
    void shouldGoOnWhereItStoppedWhenOpenedAgain() throws IOException {
        commit("a", "b");
        commit("c");
        reader.free(2);
        reader.generation(9);

        reopen();

        assertThat(journal.intact()).isTrue();
        assertThat(journal.recoveredEvents()).isEqualTo(1);
        assertThat(journal.stream()).isEqualTo("s");
        assertThat(journal.bootId()).isEqualTo(BOOT);
        assertThat(reader.generation()).isEqualTo(9);
        assertThat(peekUsers()).containsExactly("3:c");
        assertThat(commit("d")).isEqualTo(4);
    }

    @Test
    void shouldNotRestartSequencesWhenAllWasFreed() throws IOException {
        commit("a", "b");
        reader.free(2);

        reopen();

        assertThat(commit("c")).isEqualTo(3);
        assertThat(journal.progress().accepted()).isEqualTo(3);
    }

    /** Random claims, aborts, surpluses, frees and reopenings over many laps, against a list. */
    @Test
    void shouldAgreeWithAListOverManyLaps() throws IOException {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final List<String> kept = new ArrayList<>();
        long freed = 0;
        for (int step = 0; step < 20_000; step++) {
            final int what = random.nextInt(100);
            if (what < 60) {
                final TestEvent event = event("u" + "x".repeat(random.nextInt(100)));
                final int index = writer.tryClaim(event.length() + random.nextInt(7_000));
                if (index != JournalWriter.FULL) {
                    event.write(writer.buffer(), index);
                    final long sequence = writer.commit(event.length(), 1);
                    kept.add(sequence + ":" + event.user());
                }
            } else if (what < 70) {
                if (writer.tryClaim(random.nextInt(7_000)) != JournalWriter.FULL) {
                    writer.abort();
                }
            } else if (what < 98) {
                final int count = Math.min(kept.size(), random.nextInt(20));
                freed += count;
                reader.free(freed);
                kept.subList(0, count).clear();
            } else {
                reopen();
            }
            if (what % 10 == 0) {
                reader.seek(0);
                assertThat(peekUsers()).as("seed %d, step %d", seed, step).isEqualTo(kept);
            }
        }
        assertThat(freed).isGreaterThan(1_000);
    }

    private void reopen() throws IOException {
        journal.close();
        use(Journal.open(folder.resolve("n-0.journal")));
    }

    private void use(final Journal journal) {
        this.journal = journal;
        writer = journal.writer();
        reader = journal.reader();
    }

    private long commit(final String... users) {
        return TestEvent.commit(
                writer, List.of(users).stream().map(JournalTest::event).toList());
    }

    private static TestEvent event(final String user) {
        return new TestEvent(1, user, "click", "e");
    }

    private List<String> peekUsers() {
        final List<String> users = new ArrayList<>();
        reader.peek((firstSequence, count, buffer, offset, length) -> {
            final EventFlyweight event = new EventFlyweight();
            int next = offset;
            for (int i = 0; i < count; i++) {
                assertThat(event.tryWrap(buffer, next, offset + length)).isTrue();
                users.add(firstSequence + i + ":" + TestEvent.of(event).user());
                next += event.length();
            }
            assertThat(next).isEqualTo(offset + length);
            return true;
        });
        return users;
    }
}
