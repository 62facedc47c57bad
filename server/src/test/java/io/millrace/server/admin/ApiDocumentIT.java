package io.millrace.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.postgres.query.QueryDatabase;
import io.millrace.storage.testing.PostgresExtension;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code docs/api.md} says of every request what the OpenAPI file says, and its commands work. */
class ApiDocumentIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final Path DOCUMENT = Path.of("..", "docs", "api.md");
    private static final Path DESCRIPTION = Path.of("src/main/resources/io/millrace/server/admin/api/openapi.yaml");
    private static final Pattern REQUEST =
            Pattern.compile("### `(?:GET|POST) ([^`]+)`\n(.*?)(?=\n##|\\z)", Pattern.DOTALL);
    private static final Pattern NAMES =
            Pattern.compile("^\\| ((?:`\\w+`(?:, )?)+) \\|(.*)\\|(.*)\\|$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([a-z]+(?:_(?:[a-z]+|<parameter>))*)`");
    private static final Pattern COMMAND =
            Pattern.compile("^\\$ curl '?http://127\\.0\\.0\\.1:9090([^' \n]+)", Pattern.MULTILINE);

    @Test
    void shouldHaveEveryRequestWithItsParametersAndBounds() throws Exception {
        final Map<String, String> sections = new TreeMap<>();
        matches(REQUEST, Files.readString(DOCUMENT))
                .forEach(request -> sections.put(request.group(1), request.group(2)));
        final Map<String, PathItem> paths = description().getPaths();
        assertThat(sections.keySet()).isEqualTo(new TreeSet<>(paths.keySet()));

        paths.forEach((path, item) -> {
            final Map<String, String> rows = rows(sections.get(path));
            final List<Parameter> parameters =
                    queryParameters(item.readOperations().get(0));
            assertThat(rows.keySet())
                    .as(path)
                    .isEqualTo(parameters.stream().map(Parameter::getName).collect(Collectors.toSet()));
            for (final Parameter parameter : parameters) {
                for (final String value : values(parameter)) {
                    assertThat(rows.get(parameter.getName()))
                            .as("%s of %s", parameter.getName(), path)
                            .contains(value);
                }
            }
        });
    }

    @Test
    void shouldHaveEveryErrorCode() throws Exception {
        final String described =
                description().getComponents().getResponses().get("Error").getDescription();
        final String document = Files.readString(DOCUMENT);
        final String errors = document.substring(document.indexOf("## Errors"), document.indexOf("## What a query"));
        assertThat(codes(errors)).isNotEmpty().isEqualTo(codes(described));
    }

    @Test
    void shouldHaveCommandsThatWork() throws Exception {
        final List<String> targets = new ArrayList<>();
        matches(COMMAND, Files.readString(DOCUMENT)).forEach(command -> targets.add(command.group(1)));
        assertThat(targets).hasSizeGreaterThanOrEqualTo(3);
        try (QueryDatabase database = new QueryDatabase(POSTGRES);
                ApiServer server = new ApiServer(database.queries(), Instant.parse("2026-01-02T00:00:00Z"))) {
            for (final String target : targets) {
                assertThat(server.get(target).status()).as(target).isEqualTo(200);
            }
        }
    }

    /** The rows of a table of parameters, by parameter; two of them may share a row. */
    private static Map<String, String> rows(final String section) {
        final Map<String, String> rows = new TreeMap<>();
        for (final MatchResult row : matches(NAMES, section)) {
            for (final String name : row.group(1).split(", ", -1)) {
                rows.put(name.replace("`", ""), row.group(2) + " | " + row.group(3));
            }
        }
        return rows;
    }

    /** What has to be said of a parameter: its default, its choices, its bounds. */
    private static List<String> values(final Parameter parameter) {
        final List<String> values = new ArrayList<>();
        final Schema<?> schema = parameter.getSchema();
        if (schema.getDefault() != null) {
            values.add(schema.getDefault().toString());
        }
        if (schema.getEnum() != null) {
            schema.getEnum().forEach(choice -> values.add("`" + choice + "`"));
        }
        if (schema.getMaximum() != null) {
            values.add(schema.getMinimum() + " to " + schema.getMaximum());
        }
        return values;
    }

    private static List<Parameter> queryParameters(final Operation operation) {
        return operation.getParameters() == null
                ? List.of()
                : operation.getParameters().stream()
                        .filter(parameter -> "query".equals(parameter.getIn()))
                        .toList();
    }

    private static Set<String> codes(final String text) {
        final Set<String> codes = new TreeSet<>();
        matches(CODE, text).forEach(code -> codes.add(code.group(1)));
        return codes;
    }

    private static List<MatchResult> matches(final Pattern pattern, final String text) {
        return pattern.matcher(text).results().toList();
    }

    private static OpenAPI description() {
        final ParseOptions options = new ParseOptions();
        options.setResolve(true);
        return new OpenAPIV3Parser().read(DESCRIPTION.toString(), null, options);
    }
}
