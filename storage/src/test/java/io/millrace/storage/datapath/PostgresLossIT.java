package io.millrace.storage.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.PipelineCounter;
import io.millrace.storage.testing.PostgresExtension;
import org.junit.jupiter.api.Test;

/** Each event once, although PostgreSQL ends the session or dies. */
class PostgresLossIT extends LineTests {
    @Test
    void shouldCountOnceWhenPostgresDropsTheSession() throws Exception {
        for (int round = 0; round < 4; round++) {
            line().commit(20);
            line().step(4);
            PostgresExtension.execute(
                    line().database(),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <>"
                            + " pg_backend_pid()");
        }
        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 80));
        assertThat(line().aggregator().counters().get(PipelineCounter.STORE_FAILURES))
                .isPositive();
    }

    @Test
    void shouldCountOnceWhenPostgresIsKilled() throws Exception {
        for (int round = 0; round < 2; round++) {
            line().commit(20);
            line().step(4);
            POSTGRES.kill();
            line().commit(20);
        }
        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 80));
        assertThat(line().lost()).isZero();
        assertThat(line().aggregator().counters().get(PipelineCounter.STORE_FAILURES))
                .isPositive();
    }
}
