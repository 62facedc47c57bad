package io.millrace.bench.load;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The result of a load for machines: one JSON object, times in nanoseconds. */
final class ResultJson {
    private static final double[] PERCENTILES = {0, 50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 100};

    private ResultJson() {}

    static void write(final LoadResult result, final Path file) throws IOException {
        try (OutputStream stream = Files.newOutputStream(file);
                JsonGenerator json = new JsonFactory().createGenerator(stream, JsonEncoding.UTF8)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            plan(json, result.plan());
            json.writeNumberField("seconds", result.seconds());
            json.writeNumberField("requests_per_second", result.requestsPerSecond());
            json.writeNumberField("events_per_second", result.eventsPerSecond());
            counts(json, "measured", result.measured());
            counts(json, "total", result.total());
            json.writeObjectFieldStart("statuses");
            for (final Map.Entry<Integer, Long> status : result.statuses().entrySet()) {
                json.writeNumberField(status.getKey().toString(), status.getValue());
            }
            json.writeEndObject();
            percentiles(json, "latency_nanos", result.latencyNanos());
            percentiles(json, "lateness_nanos", result.latenessNanos());
            json.writeNumberField("generator_cpu_nanos", result.cpu().processNanos());
            json.writeNumberField("generator_thread_cpu_nanos", result.cpu().threadNanos());
            json.writeStringField("misunderstood", result.misunderstood());
            json.writeEndObject();
        }
    }

    private static void plan(final JsonGenerator json, final LoadPlan plan) throws IOException {
        json.writeObjectFieldStart("plan");
        json.writeStringField(
                "target", "http://" + plan.target().authority() + plan.target().resource());
        json.writeStringField("form", name(plan.requests().form()));
        json.writeNumberField("batch", plan.requests().batch());
        json.writeStringField("ack", plan.requests().ack().map(ResultJson::name).orElse(""));
        json.writeNumberField("rate", plan.pace().ratePerSecond());
        json.writeNumberField("connections", plan.pace().connections());
        json.writeNumberField("pipeline", plan.pace().pipeline());
        json.writeNumberField("requests", plan.pace().requests());
        json.writeNumberField("duration_nanos", plan.pace().duration().toNanos());
        json.writeNumberField("timeout_nanos", plan.pace().timeout().toNanos());
        json.writeNumberField("warmup_nanos", plan.pace().warmup().toNanos());
        json.writeNumberField("spin_nanos", plan.pace().spin().toNanos());
        json.writeNumberField("users", plan.events().users());
        json.writeNumberField("elements", plan.events().elements());
        json.writeNumberField("actions", plan.events().actions());
        json.writeNumberField("zipf", plan.events().zipf());
        json.writeNumberField("seed", plan.events().seed());
        json.writeStringField("timestamps", name(plan.events().timestamps()));
        json.writeBooleanField("event_ids", plan.events().eventIds());
        json.writeBooleanField("unique_users", plan.events().uniqueUsers());
        json.writeEndObject();
    }

    private static String name(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static void counts(final JsonGenerator json, final String name, final Map<LoadCounter, Long> counts)
            throws IOException {
        json.writeObjectFieldStart(name);
        for (final Map.Entry<LoadCounter, Long> count : counts.entrySet()) {
            json.writeNumberField(count.getKey().metricName(), count.getValue());
        }
        json.writeEndObject();
    }

    private static void percentiles(final JsonGenerator json, final String name, final Histogram nanos)
            throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", nanos.getTotalCount());
        json.writeNumberField("mean", nanos.getMean());
        for (final double percentile : PERCENTILES) {
            json.writeNumberField("p" + percentile, nanos.getValueAtPercentile(percentile));
        }
        json.writeEndObject();
    }
}
