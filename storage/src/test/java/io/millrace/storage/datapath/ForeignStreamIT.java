package io.millrace.storage.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Range;
import io.lettuce.core.XAddArgs;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.journal.JournalWriter;
import io.millrace.pipeline.ship.Shipper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Entries of others in a stream, and a stream and a journal that do not belong together. */
class ForeignStreamIT extends LineTests {
    @Test
    void shouldSetForeignEntriesAsideAndGoOn() throws Exception {
        line().commit(10);
        line().shipUntil("all is streamed", () -> line().journal().progress().streamed() == 10);
        REDIS.commands().xadd(line().stream(), Map.of("b", "no block"));
        REDIS.commands().xadd(line().stream(), Map.of("other", "field"));
        line().commit(10);

        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 20));
        assertThat(REDIS.commands().xrange("millrace:rejected", Range.unbounded()))
                .hasSize(2);
        assertThat(line().aggregator().counters().get(PipelineCounter.POISON_ENTRIES))
                .isEqualTo(2);
        assertThat(line().lost()).isZero();
    }

    @Test
    void shouldRefuseAStreamThatHoldsMoreThanItsJournalWrote() throws Exception {
        line().ship(2);
        REDIS.commands()
                .xadd(line().stream(), new XAddArgs().id(Line.GENERATION + "-1000"), Map.of("b", "somebody else's"));
        line().commit(10);

        line().ship(3);
        line().shipUntil("it refuses", () -> line().shipper().state() == Shipper.State.REFUSING);

        assertThat(line().journal().reader().freedSequence()).isZero();
        assertThat(line().journal().progress().streamed()).isZero();
        assertThat(line().journal().writer().tryClaim(100)).isEqualTo(JournalWriter.FULL);
    }

    /** Its events bear sequences that have been counted from the other: they would be taken for those. */
    @Test
    void shouldRefuseTheStreamOfAnotherJournal() throws Exception {
        line().commit(10);
        line().stepUntilStored();
        line().beginAnotherJournal();
        line().shipUntil("it refuses", () -> line().shipper().state() == Shipper.State.REFUSING);
        assertThat(line().journal().writer().tryClaim(100)).isEqualTo(JournalWriter.FULL);

        REDIS.commands().flushall();
        line().ship(100);
        assertThat(line().shipper().state()).isEqualTo(Shipper.State.REFUSING);
    }

    @Test
    void shouldTakeEventsAgainWhenTheStreamHoldsNoMoreThanItsJournalWrote() throws Exception {
        REDIS.commands()
                .xadd(line().stream(), new XAddArgs().id(Line.GENERATION + "-1000"), Map.of("b", "somebody else's"));
        line().shipUntil("it refuses", () -> line().shipper().state() == Shipper.State.REFUSING);

        REDIS.commands().del(line().stream());
        line().shipUntil("it ships", () -> line().shipper().state() == Shipper.State.SHIPPING);
        line().commit(10);
        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 10));
    }

    /** Else what it took after it was put back would count as shipped: the stream has events of the same sequences. */
    @Test
    void shouldNotDrainAnOlderCopyOfAJournal() throws Exception {
        line().commit(10);
        final Path older = Files.copy(line().journal().path(), folder().resolve("older"));
        line().commit(10);
        line().shipUntil("all is streamed", () -> line().journal().progress().streamed() == 20);
        line().drain(older, line().bootId());

        line().stepUntil("it refuses", () -> line().shipper().state() == Shipper.State.REFUSING);

        assertThat(line().journal().path()).exists();
    }
}
