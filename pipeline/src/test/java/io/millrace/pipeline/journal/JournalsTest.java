package io.millrace.pipeline.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.testing.TestEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalsTest {
    private static final int CAPACITY = Journal.MIN_CAPACITY_BYTES;
    /** As in {@link JournalHeader}'s drawing. */
    private static final int VERSION_OFFSET = 8;

    private static final int CHECKSUM_OFFSET = 172;
    private static final UUID BOOT = new UUID(1, 1);

    @TempDir
    private Path folder;

    @Test
    void shouldMakeOneJournalForEachLoop() throws IOException {
        try (Journals journals = open(null, 2, CAPACITY, BOOT)) {
            assertThat(journals.live()).hasSize(2);
            assertThat(journals.retired()).isEmpty();
            assertThat(streams(journals.live()).get(1)).matches("millrace:events:\\{[0-9a-f]{8}-1}");
        }
    }

    @Test
    void shouldGoOnWithTheSameJournals() throws IOException {
        final List<String> streams = openOnce(null, 2, CAPACITY, BOOT);

        assertThat(openOnce(null, 2, CAPACITY, BOOT)).isEqualTo(streams);
    }

    @Test
    void shouldTakeTheNameThatTheOperatorChose() throws IOException {
        assertThat(openOnce("web1", 1, CAPACITY, BOOT)).containsExactly("millrace:events:{web1-0}");
        assertThat(openOnce("web1", 1, CAPACITY, BOOT)).containsExactly("millrace:events:{web1-0}");
        assertThat(openOnce("web1", 1, CAPACITY, new UUID(2, 2))).containsExactly("millrace:events:{web1.1-0}");
        assertThat(openOnce("web1", 1, CAPACITY, new UUID(3, 3))).containsExactly("millrace:events:{web1.2-0}");
        assertThat(openOnce("web2", 1, CAPACITY, new UUID(3, 3))).containsExactly("millrace:events:{web2-0}");
    }

    @Test
    void shouldBeginAnewAfterAnotherBootAndDrainTheOldOnes() throws IOException {
        final List<String> old = openOnce(null, 2, CAPACITY, BOOT);

        try (Journals journals = open(null, 2, CAPACITY, new UUID(2, 2))) {
            assertThat(streams(journals.live())).doesNotContainAnyElementsOf(old);
            assertThat(streams(journals.retired())).isEqualTo(old);
        }
    }

    @Test
    void shouldBeginAnewWithAnotherSize() throws IOException {
        final List<String> old = openOnce(null, 1, CAPACITY, BOOT);

        try (Journals journals = open(null, 1, 2 * CAPACITY, BOOT)) {
            assertThat(journals.live().get(0).reader().capacityBytes()).isEqualTo(2 * CAPACITY);
            assertThat(streams(journals.retired())).isEqualTo(old);
            assertThat(journals.retired().get(0).reader().capacityBytes()).isEqualTo(CAPACITY);
        }
    }

    @Test
    void shouldBeginAnewWhenAJournalIsMissing() throws IOException {
        final List<String> old = openOnce(null, 2, CAPACITY, BOOT);
        try (Journals journals = open(null, 2, CAPACITY, BOOT)) {
            Files.delete(journals.live().get(1).path());
        }
        try (Journals journals = open(null, 2, CAPACITY, BOOT)) {
            assertThat(streams(journals.live())).doesNotContainAnyElementsOf(old);
            assertThat(streams(journals.retired())).containsExactly(old.get(0));
        }
    }

    @Test
    void shouldDrainTheJournalOfALoopThatIsNoLongerConfigured() throws IOException {
        final List<String> old = openOnce(null, 2, CAPACITY, BOOT);

        try (Journals journals = open(null, 1, CAPACITY, BOOT)) {
            assertThat(streams(journals.live())).containsExactly(old.get(0));
            assertThat(streams(journals.retired())).containsExactly(old.get(1));
        }
    }

    @Test
    void shouldNotWriteOnADamagedJournal() throws IOException {
        final Path path;
        try (Journals journals = open(null, 1, CAPACITY, BOOT)) {
            path = journals.live().get(0).path();
            TestEvent.commit(journals.live().get(0).writer(), List.of(new TestEvent(1, "u", "a", "e")));
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(JournalHeader.LENGTH + 30);
            file.write(0xAA);
        }
        try (Journals journals = open(null, 1, CAPACITY, BOOT)) {
            assertThat(journals.live().get(0).path()).isNotEqualTo(path);
            assertThat(journals.retired().get(0).path()).isEqualTo(path);
            assertThat(Path.of(path + ".damaged-0")).exists();
        }
        try (Journals journals = open(null, 1, CAPACITY, BOOT)) {
            assertThat(journals.live().get(0).path()).isNotEqualTo(path);
            assertThat(journals.retired()).hasSize(1);
        }
    }

    @Test
    void shouldKeepAnUnreadableFileAside() throws IOException {
        final Path path;
        try (Journals journals = open(null, 1, CAPACITY, BOOT)) {
            path = journals.live().get(0).path();
        }
        Files.writeString(path, "not a journal");

        try (Journals journals = open(null, 1, CAPACITY, BOOT)) {
            assertThat(journals.retired()).isEmpty();
            assertThat(Path.of(path + ".unreadable-0")).hasContent("not a journal");
        }
    }

    /** As one that a later Millrace has written: its header is sound, and only that one can read the rest. */
    @Test
    void shouldKeepAJournalOfAnotherVersionAsItIs() throws IOException {
        final Path path;
        final String stream;
        try (Journals journals = open(null, 1, CAPACITY, BOOT)) {
            path = journals.live().get(0).path();
            stream = journals.live().get(0).stream();
            TestEvent.commit(journals.live().get(0).writer(), List.of(new TestEvent(1, "u", "a", "e")));
        }
        final byte[] bytes = Files.readAllBytes(path);
        final ByteBuffer header = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN);
        header.putInt(VERSION_OFFSET, JournalHeader.VERSION + 1);
        final CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, CHECKSUM_OFFSET);
        header.putInt(CHECKSUM_OFFSET, (int) checksum.getValue());
        Files.write(path, bytes);

        assertThatThrownBy(() -> Journal.open(path))
                .isInstanceOf(UnreadableJournalException.class)
                .hasMessageContaining(
                        "its version is " + (JournalHeader.VERSION + 1) + ", not " + JournalHeader.VERSION);
        try (Journals journals = open(null, 1, CAPACITY, BOOT)) {
            assertThat(streams(journals.all())).doesNotContain(stream);
            assertThat(Path.of(path + ".unreadable-0")).hasBinaryContent(bytes);
        }
    }

    private List<String> openOnce(final String node, final int loops, final int capacity, final UUID boot)
            throws IOException {
        try (Journals journals = open(node, loops, capacity, boot)) {
            return streams(journals.live());
        }
    }

    private Journals open(final String node, final int loops, final int capacity, final UUID boot) throws IOException {
        return Journals.open(folder.resolve("journal"), folder.resolve("node"), node, loops, capacity, boot, 1);
    }

    private static List<String> streams(final List<Journal> journals) {
        return journals.stream().map(Journal::stream).toList();
    }
}
