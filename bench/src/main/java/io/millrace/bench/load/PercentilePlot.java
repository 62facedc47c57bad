package io.millrace.bench.load;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws latency against percentile, one curve a histogram. The axis gives each further nine the same room, as Gil Tene's
 * HdrHistogram plotter does: x = 1 / (1 − percentile), logarithmic.
 *
 * <p>Needs no display.
 */
public final class PercentilePlot {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 560;
    private static final int TICKS_PER_HALF_DISTANCE = 5;
    private static final float GRID_LINE_WIDTH = 0.5f;
    private static final double NANOS_PER_MILLI = 1e6;

    private PercentilePlot() {}

    /**
     * Draws.
     *
     * @param nanos histograms of nanoseconds by the name of their curve
     * @param file ends in {@code .svg} or {@code .png}
     */
    public static void write(final String title, final Map<String, Histogram> nanos, final Path file)
            throws IOException {
        System.setProperty("java.awt.headless", "true");
        final XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("percentile")
                .yAxisTitle("ms")
                .build();
        style(chart.getStyler());
        nanos.forEach((name, histogram) -> add(chart, name, histogram));
        try (OutputStream stream = Files.newOutputStream(file)) {
            ChartEncoder.saveChart(chart, stream, file.toString().endsWith(".png") ? "png" : "svg");
        }
    }

    private static void style(final XYStyler styler) {
        styler.setXAxisLogarithmic(true);
        styler.setXAxisLogarithmicDecadeOnly(true);
        styler.setXAxisTickLabelsFormattingFunction(PercentilePlot::percentile);
        styler.setYAxisTickLabelsFormattingFunction(millis -> String.format(Locale.ROOT, "%.3g", millis));
        styler.setLegendPosition(Styler.LegendPosition.InsideNW);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setYAxisMin(0.0);
        // Whole lines: of dashed ones each dash would be a path of its own, half a megabyte in all.
        styler.setPlotGridLinesStroke(new BasicStroke(GRID_LINE_WIDTH));
    }

    /** 1 is 0 %, 10 is 90 %, 100 is 99 %. */
    private static String percentile(final double x) {
        final double percent = 100 * (1 - 1 / x);
        final String text = String.format(Locale.ROOT, "%.6f", percent).replaceAll("\\.?0+$", "");
        return (text.isEmpty() ? "0" : text) + " %";
    }

    private static void add(final XYChart chart, final String name, final Histogram nanos) {
        final List<Double> x = new ArrayList<>();
        final List<Double> y = new ArrayList<>();
        for (final HistogramIterationValue value : nanos.percentiles(TICKS_PER_HALF_DISTANCE)) {
            final double above = 1 - value.getPercentileLevelIteratedTo() / 100;
            if (above > 0) {
                x.add(1 / above);
                y.add(value.getValueIteratedTo() / NANOS_PER_MILLI);
            }
        }
        if (!x.isEmpty()) {
            chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE);
        }
    }
}
