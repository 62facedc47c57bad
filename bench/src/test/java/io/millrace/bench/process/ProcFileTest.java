package io.millrace.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcFileTest {
    @Test
    void shouldReadTimesBehindANameOfAnyKind() {
        final ProcFile.Stat stat = ProcFile.parse(
                "2345 (a) S (b c) R 1 2345 2345 0 -1 4194304 9 8 7 6 120 30 40 5 20 0 29 0 1234 99 88 77\n");

        assertThat(stat).isEqualTo(new ProcFile.Stat("a) S (b c", 1_500_000_000L, 450_000_000L));
    }

    @Test
    void shouldReadThisProcess() throws Exception {
        assertThat(ProcFile.stat(Path.of("/proc/self")).orElseThrow().nanos()).isPositive();
        assertThat(ProcFile.peakBytes(ProcessHandle.current().pid())).isGreaterThan(1 << 20);
    }

    @Test
    void shouldReadTheThreadsOfThisProcess() throws Exception {
        final List<ProcFile.Stat> threads = ProcFile.threads(Path.of("/proc/self"));

        assertThat(threads).hasSizeGreaterThan(1);
        assertThat(threads).anySatisfy(thread -> assertThat(thread.nanos()).isPositive());
        assertThat(ProcFile.threads(Path.of("/proc/none"))).isEmpty();
    }

    @Test
    void shouldTakeAProcessThatIsGoneForNone() throws Exception {
        final Process process = new ProcessBuilder("true").start();
        process.waitFor();

        assertThat(ProcFile.stat(Path.of("/proc", Long.toString(process.pid()))))
                .isEmpty();
        assertThat(ProcFile.peakBytes(process.pid())).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "ingest-7-1, EVENT_LOOP",
        "shipper-millrac, SHIPPER",
        "aggregator, AGGREGATOR",
        "lettuce-epollEv, REDIS_CLIENT",
        "C2 CompilerThre, COMPILER",
        "C1 CompilerThre, COMPILER",
        "GC Thread#0, COLLECTOR",
        "G1 Conc#0, COLLECTOR",
        "admin-5-1, OTHER",
        "Redis, OTHER"
    })
    void shouldKnowAStageByItsThread(final String thread, final Stage stage) {
        assertThat(Stage.ofThread(thread)).isEqualTo(stage);
    }
}
