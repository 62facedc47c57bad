package io.millrace.server.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.server.config.ServerConfig;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComposeTest {
    private static final String TOKEN = "0123456789abcdef";

    private JsonNode compose;

    @BeforeEach
    void read() throws Exception {
        compose = Setup.YAML.readTree(Setup.FOLDER.resolve("compose.yaml").toFile());
    }

    @Test
    void shouldBeAsItsSchemaSays() throws Exception {
        final JsonNode specification;
        try (InputStream file = ComposeTest.class.getResourceAsStream("compose_spec.json")) {
            specification = new ObjectMapper().readTree(file);
        }
        // Names as before draft 6, to which nothing refers.
        specification.findParents("id").forEach(parent -> {
            if (parent.get("id").isTextual()) {
                ((ObjectNode) parent).remove("id");
            }
        });
        final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09)
                .getSchema(specification);
        // The project's name is younger than the schema.
        final JsonNode name = ((ObjectNode) compose).remove("name");
        assertThat(name.textValue()).matches("[a-z0-9][a-z0-9_-]*");
        assertThat(schema.validate(compose)).isEmpty();
        // The schema is one that would notice.
        ((ObjectNode) compose.at("/services/millrace")).put("read-only", true);
        assertThat(schema.validate(compose)).isNotEmpty();
    }

    @Test
    void shouldGiveTheServerOptionsThatItTakes() throws Exception {
        final Map<String, String> environment = serverEnvironment();
        assertThat(Setup.unknown(environment.keySet())).isEmpty();
        final ServerConfig config = Setup.resolve(environment);
        assertThat(config.redis()).isPresent();
        assertThat(config.postgres()).isPresent();
        // Prometheus asks by the service's name.
        assertThat(config.admin().hosts()).contains("millrace");
    }

    @Test
    void shouldPublishOnThisMachineOnlyThePortsThatTheServerListensOn() throws Exception {
        final ServerConfig config = Setup.resolve(serverEnvironment());
        final List<String> ports = new ArrayList<>();
        compose.at("/services/millrace/ports").forEach(port -> ports.add(port.textValue()));
        assertThat(ports)
                .containsExactly(
                        "127.0.0.1:8080:" + config.listen().getPort(),
                        "127.0.0.1:9090:" + config.admin().address().getPort());
        compose.get("services")
                .forEach(service -> service.path("ports")
                        .forEach(port -> assertThat(port.textValue()).startsWith("127.0.0.1:")));
    }

    @Test
    void shouldLetPrometheusScrapeTheServer() throws Exception {
        final JsonNode prometheus = Setup.YAML.readTree(
                Setup.FOLDER.resolve("prometheus/prometheus.yml").toFile());
        final JsonNode job = prometheus.at("/scrape_configs/0");
        final ServerConfig config = Setup.resolve(serverEnvironment());
        assertThat(job.at("/static_configs/0/targets/0").textValue())
                .isEqualTo("millrace:" + config.admin().address().getPort());
        assertThat(compose.at("/services/prometheus/entrypoint/2").textValue())
                .contains(">" + job.at("/authorization/credentials_file").textValue());
    }

    @Test
    void shouldMountWhatThereIs() {
        compose.get("services")
                .forEach(service -> service.path("volumes").forEach(volume -> {
                    final String source = volume.textValue().split(":", 2)[0];
                    if (source.startsWith(".")) {
                        assertThat(Setup.FOLDER.resolve(source)).exists();
                    } else {
                        assertThat(compose.get("volumes").has(source))
                                .as(source)
                                .isTrue();
                    }
                }));
        final JsonNode build = compose.at("/services/millrace/build");
        assertThat(Setup.FOLDER
                        .resolve(build.get("context").textValue())
                        .resolve(build.get("dockerfile").textValue()))
                .exists();
    }

    @Test
    void shouldTellTheImageWhichCommitItIs() throws Exception {
        final String dockerfile = Files.readString(Setup.FOLDER.resolve("Dockerfile"));
        compose.at("/services/millrace/build/args")
                .fieldNames()
                .forEachRemaining(argument -> assertThat(dockerfile)
                        .contains("\nARG " + argument + "=unknown\n", "\"-Dmillrace.commit=$" + argument + "\""));
        assertThat(compose.at("/services/millrace/build/args/MILLRACE_COMMIT").textValue())
                .isEqualTo("${MILLRACE_COMMIT:-unknown}");
        assertThat(Files.readString(Setup.FOLDER.resolve("../docs/containers.md")))
                .contains("--build-arg MILLRACE_COMMIT=\"$(git describe ");
    }

    /** What the image and the file set together, with a token from outside. */
    private Map<String, String> serverEnvironment() throws Exception {
        final Map<String, String> environment =
                new HashMap<>(Setup.imageEnvironment(Files.readString(Setup.FOLDER.resolve("Dockerfile"))));
        compose.at("/services/millrace/environment")
                .properties()
                .forEach(variable -> environment.put(
                        variable.getKey(),
                        variable.getValue().textValue().replace("${MILLRACE_ADMIN_TOKEN:-}", TOKEN)));
        return environment;
    }
}
