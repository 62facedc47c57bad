package io.millrace.pipeline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.testing.TestEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** Whatever was answered at level disk is there when the power is back, and nothing else is made up: fault F32. */
class PowerLossTest {
    private static final int SEEDS = 1_000;

    @TempDir(factory = MemoryFolders.class)
    private Path folder;

    private int bitten;
    private int beyondAnswered;

    @Test
    void shouldFindEverythingThatWasAnsweredAtDisk() throws IOException {
        final long firstSeed = System.nanoTime();
        for (int i = 0; i < SEEDS; i++) {
            assertThat(missing(i, firstSeed + i, false))
                    .as("seed %d", firstSeed + i)
                    .isZero();
        }
        assertThat(bitten)
                .as("lives of which the disk had less than was written")
                .isGreaterThan(SEEDS / 2);
        assertThat(beyondAnswered)
                .as("lives of which it had more than was forced")
                .isGreaterThan(SEEDS / 10);
    }

    /** If a force left out its last page this test would tell. */
    @Test
    void shouldNoticeADiskThatForgets() throws IOException {
        long missing = 0;
        for (int i = 0; i < SEEDS / 10; i++) {
            missing += missing(i, i, true);
        }
        assertThat(missing).isPositive();
    }

    /** How many events are missing that must be there: answered at disk, and not in the window store. */
    private long missing(final int life, final long seed, final boolean forgetful) throws IOException {
        try (LostPower power = new LostPower(folder.resolve("life" + life), seed, forgetful)) {
            power.live();
            try (Journals next = LostPower.open(power.afterwards(), LostPower.NEXT_BOOT)) {
                final Journal begun = next.live().get(0);
                assertThat(begun.stream()).as("a new name, seed %d", seed).isNotEqualTo(power.stream());
                assertThat(TestEvent.commit(begun.writer(), List.of(new TestEvent(1, "u", "a", "e"))))
                        .isEqualTo(1);
                assertThat(next.retired()).as("seed %d", seed).hasSize(1);
                final Journal drained = next.retired().get(0);
                assertThat(drained.stream()).isEqualTo(power.stream());
                final NavigableMap<Long, TestEvent> found = power.found(drained);
                bitten += found.isEmpty() || found.lastKey() < power.accepted() ? 1 : 0;
                beyondAnswered += !found.isEmpty() && found.lastKey() > power.answered ? 1 : 0;
                long missing = 0;
                for (long sequence = power.stored + 1; sequence <= power.answered; sequence++) {
                    missing += found.containsKey(sequence) ? 0 : 1;
                }
                drained.reader().free(power.accepted());
                assertThat(drained.usedBytes())
                        .as("all can be freed, seed %d", seed)
                        .isZero();
                return missing;
            }
        }
    }

    /** Every life begins with forces of real files, which are not what is tested: in memory they take no time. */
    static final class MemoryFolders implements TempDirFactory {
        private static final Path MEMORY = Path.of("/dev/shm");

        @Override
        public Path createTempDirectory(final AnnotatedElementContext element, final ExtensionContext extension)
                throws IOException {
            return Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "millrace")
                    : Files.createTempDirectory("millrace");
        }
    }
}
