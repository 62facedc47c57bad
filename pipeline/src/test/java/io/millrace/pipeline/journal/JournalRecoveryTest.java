package io.millrace.pipeline.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.testing.TestEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalRecoveryTest {
    private static final int CAPACITY = Journal.MIN_CAPACITY_BYTES;
    private static final int RECORDS_BYTES = 10 * 48;

    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void fill() throws IOException {
        path = folder.resolve("n-0.journal");
        try (Journal journal = Journal.create(path, CAPACITY, "s", UUID.randomUUID(), 1)) {
            for (int i = 1; i <= 10; i++) {
                TestEvent.commit(journal.writer(), List.of(event(i)));
            }
        }
    }

    @Test
    void shouldForgetAClaimThatWasNeverCommitted() throws IOException {
        try (Journal journal = Journal.open(path)) {
            journal.writer().tryClaim(1_000);
        }
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.intact()).isTrue();
            assertThat(events(journal)).hasSize(10);
            assertThat(TestEvent.commit(journal.writer(), List.of(event(11)))).isEqualTo(11);
            assertThat(events(journal)).hasSize(11);
        }
    }

    @Test
    void shouldForgetAClaimWhoseLengthWasNotWrittenYet() throws IOException {
        final int tailAt = JournalHeader.LENGTH + CAPACITY + RingBufferDescriptor.TAIL_POSITION_OFFSET;
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(tailAt);
            final long tail = Long.reverseBytes(file.readLong());
            file.seek(tailAt);
            file.writeLong(Long.reverseBytes(tail + 800));
        }
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.intact()).isTrue();
            assertThat(events(journal)).hasSize(10);
        }
    }

    @Test
    void shouldFreeAgainWhatADeathBetweenTheTwoStepsOfFreeingLeft() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(320);
            file.writeLong(Long.reverseBytes(4));
            file.writeLong(Long.reverseBytes(~4L));
        }
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.intact()).isTrue();
            assertThat(journal.recoveredEvents()).isEqualTo(6);
            assertThat(journal.progress().accepted()).isEqualTo(10);
            journal.reader().free(5);
            assertThat(events(journal)).hasSize(5);
        }
    }

    @Test
    void shouldStepOverARecordWhoseBytesChanged() throws IOException {
        flip(JournalHeader.LENGTH + 8 + RecordLayout.HEADER_LENGTH + 3);

        try (Journal journal = Journal.open(path)) {
            assertThat(journal.intact()).isFalse();
            assertThat(journal.damages()).isEqualTo(1);
            assertThat(events(journal)).hasSize(9).doesNotContain(event(1));
        }
    }

    @Test
    void shouldKeepTheFileAsItWasAndTellWhatIsDamaged() throws IOException {
        flip(JournalHeader.LENGTH + 8 + RecordLayout.HEADER_LENGTH + 3);
        final byte[] found = Files.readAllBytes(path);

        try (Journal journal = Journal.open(path)) {
            assertThat(journal.damaged()).singleElement().satisfies(damaged -> {
                assertThat(damaged.afterSequence()).isZero();
                assertThat(damaged.reason()).isEqualTo("it fails its check");
                assertThat(new String(damaged.bytes(), ISO_8859_1)).contains("user1clicke");
            });
            assertThat(journal.describeCopy()).endsWith("n-0.journal.damaged-0");
        }
        assertThat(Path.of(path + ".damaged-0")).hasBinaryContent(found);
    }

    @Test
    void shouldTellAgainButKeepNoOtherCopyWhenItIsOpenedAgain() throws IOException {
        flip(JournalHeader.LENGTH + 8 + RecordLayout.HEADER_LENGTH + 3);
        Journal.open(path).close();

        try (Journal journal = Journal.open(path)) {
            assertThat(journal.intact()).isFalse();
            assertThat(journal.damaged()).hasSize(1);
            assertThat(new String(journal.damaged().get(0).bytes(), ISO_8859_1)).contains("user1clicke");
            assertThat(journal.describeCopy()).isEmpty();
            assertThat(events(journal)).hasSize(9);
        }
        assertThat(Path.of(path + ".damaged-1")).doesNotExist();
    }

    @Test
    void shouldKeepNoCopyOfAWholeFile() throws IOException {
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.damaged()).isEmpty();
            assertThat(journal.describeCopy()).isEmpty();
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.damaged-*");
    }

    @Test
    void shouldNeverOverwriteAnEarlierCopy() throws IOException {
        Files.writeString(Path.of(path + ".damaged-0"), "an earlier one");
        flip(JournalHeader.LENGTH + 8 + RecordLayout.HEADER_LENGTH + 3);

        try (Journal journal = Journal.open(path)) {
            assertThat(journal.describeCopy()).endsWith("n-0.journal.damaged-1");
        }
        assertThat(Path.of(path + ".damaged-0")).hasContent("an earlier one");
    }

    @Test
    void shouldKnowThatTheLastEventsAreMissing() throws IOException {
        flip(eventsOf(9));
        flip(eventsOf(10));

        for (int start = 0; start < 2; start++) {
            try (Journal journal = Journal.open(path)) {
                assertThat(journal.progress().accepted()).isEqualTo(10);
                assertThat(journal.recoveredEvents()).isEqualTo(8);
                assertThat(events(journal)).hasSize(8);
            }
        }
    }

    @Test
    void shouldNotBelieveADamagedCount() throws IOException {
        final int countOf10 = eventsOf(10) - RecordLayout.HEADER_LENGTH + 4;
        flip(countOf10 + 2);

        try (Journal journal = Journal.open(path)) {
            assertThat(journal.progress().accepted()).isEqualTo(10);
            assertThat(journal.damaged()).hasSize(1);
        }
    }

    @Test
    void shouldBelieveASoundRecordMoreThanADamagedOneBeforeIt() throws IOException {
        final int countOf3 = eventsOf(3) - RecordLayout.HEADER_LENGTH + 4;
        flip(countOf3);

        try (Journal journal = Journal.open(path)) {
            assertThat(journal.progress().accepted()).isEqualTo(10);
            assertThat(events(journal)).hasSize(9);
        }
    }

    @Test
    void shouldTellWhatStandsBehindALengthThatLeadsNowhere() throws IOException {
        flip(eventsOf(10) - RecordLayout.HEADER_LENGTH - 8 + 3);

        try (Journal journal = Journal.open(path)) {
            assertThat(journal.intact()).isFalse();
            assertThat(journal.damaged()).singleElement().satisfies(damaged -> {
                assertThat(damaged.afterSequence()).isEqualTo(9);
                assertThat(new String(damaged.bytes(), ISO_8859_1)).contains("user10clicke");
            });
            assertThat(events(journal)).hasSize(9);
        }
        assertThat(Path.of(path + ".damaged-0")).exists();
    }

    @Test
    void shouldRefuseAFileOfAnotherLength() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(file.length() - 4096);
        }
        assertThatThrownBy(() -> Journal.open(path))
                .isInstanceOf(UnreadableJournalException.class)
                .hasMessageContaining("bytes instead of");
    }

    @Test
    void shouldRefuseADamagedHeader() throws IOException {
        flip(50);

        assertThatThrownBy(() -> Journal.open(path))
                .isInstanceOf(UnreadableJournalException.class)
                .hasMessageContaining("checksum of its header");
    }

    @Test
    void shouldRefuseAFileThatIsNoJournal() throws IOException {
        Files.write(path, new byte[100_000]);

        assertThatThrownBy(() -> Journal.open(path)).isInstanceOf(UnreadableJournalException.class);
    }

    @Test
    void shouldNotBelieveAFreedSequenceThatFitsNoRecord() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(320);
            file.writeLong(Long.reverseBytes(1 << 20));
            file.writeLong(Long.reverseBytes(~(1L << 20)));
        }
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.intact()).isFalse();
            assertThat(journal.reader().freedSequence()).isZero();
            assertThat(events(journal)).hasSize(10);
        }
    }

    @Test
    void shouldNotBelieveADamagedFreedSequenceOfAnEmptyRing() throws IOException {
        try (Journal journal = Journal.open(path)) {
            journal.reader().free(10);
        }
        flip(320 + 5);

        try (Journal journal = Journal.open(path)) {
            assertThat(journal.intact()).isFalse();
            assertThat(journal.progress().accepted()).isEqualTo(10);
            assertThat(journal.reader().freedSequence()).isEqualTo(10);
        }
    }

    /** Whatever is damaged: no wrong event, no hang, and all is there, or it is known that something is not. */
    @Test
    void shouldNeverHandOverAWrongEvent() throws IOException {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] whole = Files.readAllBytes(path);
        int damaged = 0;
        for (int round = 0; round < 1_000; round++) {
            final byte[] bytes = whole.clone();
            damage(bytes, random);
            Files.write(path, bytes);
            try (Journal journal = Journal.open(path)) {
                damaged += journal.intact() ? 0 : 1;
                final List<TestEvent> events = events(journal);
                if (journal.intact()) {
                    assertThat(events).as("seed %d, round %d", seed, round).hasSize(10);
                }
                long previous = 0;
                for (final TestEvent event : events) {
                    assertThat(event).as("seed %d, round %d", seed, round).isEqualTo(event(event.timestampMillis()));
                    assertThat(event.timestampMillis()).isGreaterThan(previous);
                    previous = event.timestampMillis();
                }
                TestEvent.commit(journal.writer(), List.of(event(11)));
            } catch (final UnreadableJournalException e) {
                damaged++;
            }
            Files.deleteIfExists(Path.of(path + ".damaged-0"));
        }
        assertThat(damaged).isGreaterThan(100);
    }

    private static void damage(final byte[] bytes, final SplittableRandom random) {
        // The header, the records, and the trailer.
        final int[] starts = {0, JournalHeader.LENGTH, JournalHeader.LENGTH + CAPACITY};
        final int[] lengths = {400, RECORDS_BYTES, 500};
        final int area = random.nextInt(3);
        final int at = starts[area] + random.nextInt(lengths[area]);
        if (random.nextBoolean()) {
            bytes[at] ^= (byte) (1 << random.nextInt(8));
        } else {
            for (int i = at; i < Math.min(bytes.length, at + 64); i++) {
                bytes[i] = 0;
            }
        }
    }

    /** Where the events of the record of event {@code number} begin in the file. */
    private int eventsOf(final int number) throws IOException {
        final String file = new String(Files.readAllBytes(path), ISO_8859_1);
        final int user = file.indexOf("user" + number + "click");
        assertThat(user).isPositive();
        return user - EventLayout.HEADER_LENGTH;
    }

    private void flip(final int at) throws IOException {
        final byte[] bytes = Files.readAllBytes(path);
        bytes[at] ^= 1;
        Files.write(path, bytes);
    }

    private static TestEvent event(final long number) {
        return new TestEvent(number, "user" + number, "click", "e");
    }

    private static List<TestEvent> events(final Journal journal) {
        final List<TestEvent> events = new ArrayList<>();
        journal.reader().seek(0);
        journal.reader().peek((firstSequence, count, buffer, offset, length) -> {
            final EventFlyweight event = new EventFlyweight();
            for (int next = offset; next < offset + length; next += event.length()) {
                assertThat(event.tryWrap(buffer, next, offset + length)).isTrue();
                events.add(TestEvent.of(event));
            }
            return true;
        });
        return events;
    }
}
