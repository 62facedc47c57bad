package io.millrace.bench.growth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.bench.process.Stage;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;

/** Draws a curve in two plots: events a second, and nanoseconds of the processors an event by stage. Needs no display. */
final class GrowthPlot {
    private static final int WIDTH = 700;
    private static final int HEIGHT = 420;
    private static final float GRID_LINE_WIDTH = 0.5f;
    /** Less than this of an event's cost is not drawn: it would stretch a logarithmic axis for nothing. */
    private static final double LEAST_NANOS = 1;
    /** From here on an axis of equal steps would hide the small end. */
    private static final double WIDE = 20;

    /** Text is drawn as outlines, whose coordinates have more digits than anybody sees: half of the file. */
    private static final Pattern DIGITS = Pattern.compile("([0-9]\\.[0-9]{2})[0-9]+");

    /** What is missing is in the data, and little. */
    private static final Set<Stage> STAGES = EnumSet.complementOf(EnumSet.of(Stage.COLLECTOR, Stage.OTHER));

    private final Curve curve;
    private final List<Measured> points;

    GrowthPlot(final Curve curve, final List<Measured> points) {
        this.curve = curve;
        this.points = points;
    }

    void writeRate(final Path file) throws IOException {
        final CategoryChart chart = chart("events/s");
        add(chart, "accepted", Measured::acceptedPerSecond);
        add(chart, "stored, until the last is", Measured::storedPerSecond);
        write(chart, file);
    }

    void writeCost(final Path file) throws IOException {
        final CategoryChart chart = chart("ns of the processors an event");
        add(chart, "all but the generator", Measured::totalNanosPerEvent);
        for (final Stage stage : STAGES) {
            add(chart, stage.label(), point -> point.nanosPerEvent().get(stage));
        }
        write(chart, file);
    }

    private CategoryChart chart(final String unit) {
        System.setProperty("java.awt.headless", "true");
        final CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle(curve.title())
                .yAxisTitle(unit)
                .build();
        final CategoryStyler styler = chart.getStyler();
        styler.setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
        // Else each series stands a little beside the one before it.
        styler.setOverlapped(true);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setChartTitleVisible(false);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setYAxisTickLabelsFormattingFunction(GrowthPlot::number);
        // Whole lines: of dashed ones each dash would be a path of its own.
        styler.setPlotGridLinesStroke(new BasicStroke(GRID_LINE_WIDTH));
        return chart;
    }

    private static String number(final double value) {
        return value >= 1e6
                ? String.format(Locale.ROOT, "%.3gM", value / 1e6)
                : value >= 1e3
                        ? String.format(Locale.ROOT, "%.3gk", value / 1e3)
                        : String.format(Locale.ROOT, "%.3g", value);
    }

    private void add(final CategoryChart chart, final String name, final ToDoubleFunction<Measured> value) {
        chart.addSeries(
                name,
                points.stream().map(Measured::label).toList(),
                points.stream()
                        .map(point -> Math.max(LEAST_NANOS, value.applyAsDouble(point)))
                        .toList());
    }

    private static void write(final CategoryChart chart, final Path file) throws IOException {
        final double[] values = chart.getSeriesCollection().stream()
                .flatMapToDouble(series -> Arrays.stream(series.getYData()))
                .sorted()
                .toArray();
        if (values[values.length - 1] > WIDE * values[0]) {
            chart.getStyler().setYAxisLogarithmic(true);
        } else {
            chart.getStyler().setYAxisMin(0.0);
        }
        final ByteArrayOutputStream svg = new ByteArrayOutputStream();
        ChartEncoder.saveChart(chart, svg, "svg");
        Files.writeString(file, DIGITS.matcher(svg.toString(UTF_8)).replaceAll("$1"), UTF_8);
    }
}
