package io.millrace.server.admin.api;

import io.millrace.pipeline.window.StoreException;
import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.Csv;
import io.millrace.server.admin.http.Json;
import io.millrace.server.admin.http.Query;
import io.millrace.storage.postgres.query.Dimension;
import io.millrace.storage.postgres.query.EventFilter;
import io.millrace.storage.postgres.query.QueryTimeoutException;
import io.millrace.storage.postgres.query.Series;
import io.millrace.storage.postgres.query.TimeSeries;
import java.time.Duration;
import java.util.Set;

/** {@code GET /api/timeseries}: events over time, of all together or of the largest groups and the rest. */
final class TimeSeriesResource extends ApiResource {
    private static final int DEFAULT_SERIES = 10;
    private static final int MAX_SERIES = 20;

    TimeSeriesResource(final ApiContext context) {
        super(context, Set.of("from", "to", "step", "group", "action", "element", "limit"));
    }

    @Override
    Answer answer(final Query query, final Parameters parameters)
            throws AdminException, StoreException, QueryTimeoutException {
        final EventFilter range = parameters.filter(null);
        final Duration step = parameters.step(range);
        final EventFilter filter = Steps.align(range, step);
        final Dimension group = parameters.dimension("group").orElse(null);
        final int limit = parameters.limit(DEFAULT_SERIES, MAX_SERIES);
        final TimeSeries series = queries().timeSeries(filter, step, group, limit);
        return new Answer() {
            @Override
            public Json json() {
                return TimeSeriesResource.json(filter, step, group, series);
            }

            @Override
            public Csv csv() {
                return TimeSeriesResource.csv(filter, step, group, series);
            }
        };
    }

    private static Json json(
            final EventFilter filter, final Duration step, final Dimension group, final TimeSeries series) {
        final Json json = new Json().beginObject();
        json.name("from").value(filter.from().toString());
        json.name("to").value(filter.to().toString());
        json.name("step").value(Steps.text(step));
        json.name("stepMillis").value(step.toMillis());
        json.name("group").value(group == null ? null : Parameters.nameOf(group));
        json.name("series").beginArray();
        series.series().forEach(each -> write(json, each));
        json.endArray().name("other");
        if (series.other() == null) {
            json.value(null);
        } else {
            write(json, series.other());
        }
        return json.endObject();
    }

    private static void write(final Json json, final Series series) {
        json.beginObject().name("name").value(series.name());
        json.name("total").value(series.total());
        json.name("counts").beginArray();
        series.counts().forEach(count -> json.value(count.longValue()));
        json.endArray().endObject();
    }

    private static Csv csv(
            final EventFilter filter, final Duration step, final Dimension group, final TimeSeries series) {
        final Csv csv = group == null ? new Csv("start", "count") : new Csv("start", Parameters.nameOf(group), "count");
        final int steps = (int) Duration.between(filter.from(), filter.to()).dividedBy(step);
        for (int i = 0; i < steps; i++) {
            final var start = filter.from().plus(step.multipliedBy(i));
            for (final Series each : series.series()) {
                if (group == null) {
                    csv.row(start, each.counts().get(i));
                } else {
                    csv.row(start, each.name(), each.counts().get(i));
                }
            }
            if (series.other() != null) {
                csv.row(start, null, series.other().counts().get(i));
            }
        }
        return csv;
    }
}
