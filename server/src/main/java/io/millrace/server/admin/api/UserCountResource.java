package io.millrace.server.admin.api;

import io.millrace.pipeline.window.StoreException;
import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.Csv;
import io.millrace.server.admin.http.Json;
import io.millrace.server.admin.http.Query;
import io.millrace.storage.postgres.query.EventFilter;
import io.millrace.storage.postgres.query.QueryTimeoutException;
import io.millrace.storage.postgres.query.UserCounts;
import java.time.Duration;
import java.util.Set;

/** {@code GET /api/users/count}: how many distinct users there were in a range, and in each of its steps. */
final class UserCountResource extends ApiResource {
    UserCountResource(final ApiContext context) {
        super(context, Set.of("from", "to", "step", "action", "element"));
    }

    @Override
    Answer answer(final Query query, final Parameters parameters)
            throws AdminException, StoreException, QueryTimeoutException {
        final EventFilter range = parameters.filter(Parameters.MAX_USER_RANGE);
        final Duration step = parameters.has("step") ? parameters.step(range) : null;
        final EventFilter filter = step == null ? range : Steps.align(range, step);
        final UserCounts counts = queries().userCounts(filter, step);
        return new Answer() {
            @Override
            public Json json() {
                return UserCountResource.json(filter, step, counts);
            }

            @Override
            public Csv csv() {
                return UserCountResource.csv(filter, step, counts);
            }
        };
    }

    private static Json json(final EventFilter filter, final Duration step, final UserCounts counts) {
        final Json json = new Json().beginObject();
        json.name("from").value(filter.from().toString());
        json.name("to").value(filter.to().toString());
        json.name("users").value(counts.users());
        if (step != null) {
            json.name("step").value(Steps.text(step));
            json.name("stepMillis").value(step.toMillis());
            json.name("counts").beginArray();
            counts.steps().forEach(count -> json.value(count.longValue()));
            json.endArray();
        }
        return json.endObject();
    }

    private static Csv csv(final EventFilter filter, final Duration step, final UserCounts counts) {
        if (step == null) {
            return new Csv("from", "to", "users").row(filter.from(), filter.to(), counts.users());
        }
        final Csv csv = new Csv("start", "users");
        for (int i = 0; i < counts.steps().size(); i++) {
            csv.row(filter.from().plus(step.multipliedBy(i)), counts.steps().get(i));
        }
        return csv;
    }
}
