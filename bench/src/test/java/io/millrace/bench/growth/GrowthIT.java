package io.millrace.bench.growth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.Stage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A small curve against a real server: every point is stored, balanced, charged to the stages, and drawn. */
@Timeout(600)
class GrowthIT {
    @TempDir
    private Path folder;

    @Test
    void shouldMeasureStoreAndDrawEachPoint() throws Exception {
        final Duration time = Duration.ofMillis(150);
        final List<Measured> points = new GrowthRun(
                        ServiceProcess.jar(),
                        new GrowthRun.Times(time, time, time),
                        new PrintWriter(new StringWriter()))
                .run(Curve.BATCH.points().subList(0, 2));

        assertThat(points).extracting(Measured::label).containsExactly("1", "2");
        assertThat(points).allSatisfy(point -> {
            assertThat(point.balanced()).isTrue();
            assertThat(point.accepted()).isPositive();
            assertThat(point.storedSeconds()).isGreaterThanOrEqualTo(point.seconds());
            assertThat(point.work().blocks()).isPositive();
            assertThat(point.work().blockBytes()).isGreaterThan(point.accepted());
            assertThat(point.work().flushes()).isPositive();
            assertThat(point.work().groups()).isPositive();
            assertThat(point.nanosPerEvent()).containsOnlyKeys(Stage.values());
            assertThat(point.nanosPerEvent().get(Stage.EVENT_LOOP)).isPositive();
        });

        final Path data = folder.resolve("batch.csv");
        GrowthFile.write(data, Curve.BATCH, points);
        final List<String> lines = Files.readAllLines(data, UTF_8);
        assertThat(lines).hasSize(4);
        assertThat(lines.subList(1, 4))
                .allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(36));
        final Path plot = folder.resolve("plot.svg");
        new GrowthPlot(Curve.BATCH, points).writeRate(plot);
        assertThat(circles(plot))
                .as("the marks of the first line: two points, and in the legend")
                .isEqualTo(3);
        new GrowthPlot(Curve.BATCH, points).writeCost(plot);
        assertThat(circles(plot)).isGreaterThanOrEqualTo(3);
        final StringWriter table = new StringWriter();
        GrowthTable.print(Curve.BATCH, points, new PrintWriter(table));
        assertThat(table.toString()).contains("| 2 |", " balance |");
    }

    private static int circles(final Path svg) throws Exception {
        return Files.readString(svg, UTF_8).split("<ellipse", -1).length - 1;
    }

    @Test
    void shouldKeepThePointsOfManyRowsShortAndThoseOfLongFlushesLong() {
        final Duration asked = Duration.ofSeconds(2);
        final Point spread = Curve.WINDOW_SPREAD.points().get(0);
        final Point flush = Curve.FLUSH.points().get(3);

        assertThat(spread.duration(asked)).isEqualTo(Duration.ofMillis(200));
        assertThat(spread.warmup(asked)).isEqualTo(Duration.ofMillis(200));
        assertThat(flush.duration(asked)).isEqualTo(Duration.ofSeconds(6));
        assertThat(flush.warmup(asked)).isEqualTo(asked);
        assertThat(Curve.BATCH.points().get(0).duration(asked)).isEqualTo(asked);
    }

    @Test
    void shouldFindEachCurveByItsWord() {
        assertThat(Curve.values())
                .allSatisfy(curve -> assertThat(Curve.of(curve.word())).isEqualTo(curve));
        assertThat(Arrays.stream(Curve.values()).map(Curve::points))
                .allSatisfy(
                        points -> assertThat(points).extracting(Point::label).doesNotHaveDuplicates());
    }
}
