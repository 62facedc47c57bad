package io.millrace.server.admin.api;

import io.millrace.server.admin.http.AdminResource;
import io.millrace.server.admin.http.StaticResource;
import java.util.Map;

/** Everything under {@code /api} that is read from the windows. Stateless. */
public final class ApiResources {
    private ApiResources() {}

    /** The resources by path; a path that ends with a slash stands for all below it. */
    public static Map<String, AdminResource> of(final ApiContext context) {
        return Map.of(
                "/api/aggregates",
                new AggregatesResource(context),
                "/api/timeseries",
                new TimeSeriesResource(context),
                "/api/top",
                new TopResource(context),
                "/api/users",
                new UsersResource(context),
                "/api/users/count",
                new UserCountResource(context),
                UserResource.PREFIX,
                new UserResource(context),
                "/api/openapi.yaml",
                new StaticResource(ApiResources.class.getResource("openapi.yaml"), "application/yaml", Map.of()));
    }
}
