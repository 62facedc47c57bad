package io.millrace.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.server.admin.RawHttp.Reply;
import io.millrace.server.admin.api.ApiContext;
import io.millrace.server.admin.api.ApiResources;
import io.millrace.storage.postgres.query.QueryDatabase;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The description that the server serves is valid, and the running server is as it says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private QueryDatabase database;
    private ApiServer server;
    private OpenAPI description;

    @BeforeAll
    void readDescription() throws Exception {
        database = new QueryDatabase(POSTGRES);
        for (final String element : List.of("buy", "hero")) {
            database.flush(List.of(new TestEvent(START.toEpochMilli(), "anna", "click", element)));
        }
        server = new ApiServer(database.queries(), START.plusSeconds(60));
        final Reply reply = server.get("/api/openapi.yaml");
        assertThat(reply.fields()).containsEntry("content-type", "application/yaml");
        final ParseOptions options = new ParseOptions();
        options.setResolve(true);
        final SwaggerParseResult result = new OpenAPIV3Parser().readContents(reply.body(), null, options);
        assertThat(result.getMessages()).isEmpty();
        description = result.getOpenAPI();
    }

    @AfterAll
    void close() {
        server.close();
        database.close();
    }

    @Test
    void shouldDescribeEveryPathOfTheApi() {
        final Set<String> served =
                ApiResources.of(new ApiContext(database.queries(), Duration.ofSeconds(10), Clock.systemUTC()))
                        .keySet()
                        .stream()
                        .map(path -> path.endsWith("/") ? path + "{id}" : path)
                        .collect(Collectors.toSet());
        assertThat(description.getPaths().keySet())
                .containsAll(served)
                .contains("/api/status", "/ledger", "/metrics", "/healthz", "/readyz", "/profile");
    }

    @Test
    void shouldAnswerAsDescribed() throws Exception {
        Await.until(
                "the books are in the status",
                () -> !MAPPER.readTree(server.get("/api/status").body())
                        .get("ledger")
                        .isNull());
        for (final Map.Entry<String, PathItem> path : gets().entrySet()) {
            final Operation get = path.getValue().getGet();
            final String target = path.getKey().replace("{id}", "anna");
            for (final String query : List.of("", "?" + parameters(get))) {
                final Reply reply = server.get(target + query);
                assertThat(reply.status())
                        .as("%s%s: %s", target, query, reply.body())
                        .isEqualTo(200);
                final Schema<?> schema = schema(get, "200");
                if (schema != null) {
                    new SchemaCheck(description).check(target, schema, MAPPER.readTree(reply.body()));
                }
            }
        }
    }

    @Test
    void shouldRefuseAsDescribed() throws Exception {
        final Schema<?> error = schema(description.getPaths().get("/api/top").getGet(), "default");
        for (final String target : List.of("/nothing", "/api/top?by=x", "/api/top?x=1", "/api/users?limit=0")) {
            final JsonNode body = MAPPER.readTree(server.get(target).body());
            new SchemaCheck(description).check(target, error, body);
        }
    }

    @Test
    void shouldTakeTheBoundsThatAreDescribedAndNoMore() throws Exception {
        for (final Map.Entry<String, PathItem> path : gets().entrySet()) {
            final String target = path.getKey().replace("{id}", "anna");
            for (final Parameter parameter : described(path.getValue().getGet())) {
                final Schema<?> schema = parameter.getSchema();
                if (schema.getMaximum() != null) {
                    final String name = "?" + parameter.getName() + "=";
                    final long max = schema.getMaximum().longValueExact();
                    assertThat(server.get(target + name + max).status()).isEqualTo(200);
                    assertThat(server.get(target + name + (max + 1)).status()).isEqualTo(400);
                    assertThat(server.get(target + name + 1).status()).isEqualTo(200);
                    assertThat(server.get(target + name + 0).status()).isEqualTo(400);
                }
            }
        }
    }

    /** Those that only tell; what does something is another test's. */
    private Map<String, PathItem> gets() {
        final Map<String, PathItem> gets = new LinkedHashMap<>(description.getPaths());
        gets.values().removeIf(path -> path.getGet() == null);
        return gets;
    }

    /** All parameters that have an example or a default, and the last of each choice. */
    private String parameters(final Operation operation) {
        return described(operation).stream()
                .filter(parameter -> !parameter.getName().equals("format"))
                .filter(parameter -> value(parameter) != null)
                .map(parameter -> parameter.getName() + "=" + value(parameter))
                .collect(Collectors.joining("&"));
    }

    private static Object value(final Parameter parameter) {
        final Schema<?> schema = parameter.getSchema();
        if (schema.getEnum() != null) {
            return schema.getEnum().get(schema.getEnum().size() - 1);
        }
        return schema.getExample() != null ? schema.getExample() : schema.getDefault();
    }

    private List<Parameter> described(final Operation operation) {
        if (operation.getParameters() == null) {
            return List.of();
        }
        return operation.getParameters().stream()
                .filter(parameter -> "query".equals(parameter.getIn()))
                .toList();
    }

    /** The schema of a JSON reply; null if there is none. */
    private Schema<?> schema(final Operation operation, final String status) {
        var response = operation.getResponses().get(status);
        if (response.get$ref() != null) {
            response = description.getComponents().getResponses().get(SchemaCheck.name(response.get$ref()));
        }
        final var json = response.getContent().get("application/json");
        return json == null ? null : json.getSchema();
    }
}
