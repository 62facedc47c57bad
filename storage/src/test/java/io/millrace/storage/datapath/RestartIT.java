package io.millrace.storage.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.ship.Shipper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Each event once, although a shipper or an aggregator ends and another one begins, and journals that are only drained. */
class RestartIT extends LineTests {
    @Test
    void shouldCountOnceWhatAShipperThatDiedShipsAgainInOtherBlocks() throws Exception {
        line().commit(30);
        line().ship(2);
        assertThat(line().journal().progress().streamed()).isPositive();
        // The stream forgets the last blocks and the shipper begins anew: other blocks, the same sequences.
        REDIS.commands().xgroupDestroy(line().stream(), "millrace");
        line().reopenJournal();
        line().commit(30);

        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 60));
    }

    @Test
    void shouldGoOnFromTheWatermarkInAnotherAggregator() throws Exception {
        line().commit(30);
        line().stepUntilStored();
        line().aggregator().onClose();
        line().commit(30);
        line().startAggregator();

        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 60));
    }

    @Test
    void shouldRemoveADrainedJournalAndItsStream() throws Exception {
        line().commit(30);
        line().drain();

        line().stepUntil("it is drained", () -> line().shipper().state() == Shipper.State.DONE);

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 30));
        assertThat(line().journal().path()).doesNotExist();
        assertThat(REDIS.commands().exists(line().stream())).isZero();
        assertThat(REDIS.commands().smembers("millrace:streams")).isEmpty();
    }

    @Test
    void shouldDrainAStreamThatIsAheadOfItsJournalAfterAPowerLoss() throws Exception {
        line().commit(10);
        final Path older = Files.copy(line().journal().path(), folder().resolve("older"));
        line().commit(10);
        line().shipUntil("all is streamed", () -> line().journal().progress().streamed() == 20);
        line().drain(older, UUID.randomUUID());

        line().stepUntil("it is drained", () -> line().shipper().state() == Shipper.State.DONE);

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 20));
        assertThat(line().lost()).isZero();
    }
}
