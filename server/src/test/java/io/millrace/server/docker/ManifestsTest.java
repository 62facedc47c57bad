package io.millrace.server.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.millrace.server.config.Role;
import io.millrace.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The manifests for Kubernetes, read by a typed model of its API that takes no field which it does not know. */
class ManifestsTest {
    private static final Path FOLDER = Setup.FOLDER.resolve("kubernetes");
    /** Of the secret that the head of kustomization.yaml says how to make. */
    private static final Map<String, String> SECRET = Map.of(
            "redis", "redis-cluster://:password@redis:6379",
            "postgres", "jdbc:postgresql://postgres:5432/millrace?user=millrace&password=p",
            "admin-token", "0123456789abcdef");

    private final KubernetesSerialization serialization = new KubernetesSerialization();
    private JsonNode kustomization;
    private final List<HasMetadata> manifests = new ArrayList<>();

    @BeforeEach
    void read() throws Exception {
        kustomization = Setup.YAML.readTree(FOLDER.resolve("kustomization.yaml").toFile());
        for (final JsonNode resource : kustomization.get("resources")) {
            final Path file = FOLDER.resolve(resource.textValue());
            try (MappingIterator<JsonNode> documents =
                    Setup.YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
                while (documents.hasNext()) {
                    manifests.add(typed(documents.next()));
                }
            }
        }
    }

    @Test
    void shouldRefuseFieldsThatTheApiDoesNotHave() throws Exception {
        final JsonNode misspelt = Setup.YAML.readTree("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: a }
                spec: { template: { spec: { containers: [{ name: a, image: a, readynessProbe: {} }] } } }
                """);
        assertThat(StrictModel.unknownFields(serialization.convertValue(misspelt, Deployment.class)))
                .containsExactly("spec.template.spec.containers[0].readynessProbe");
    }

    @Test
    void shouldHaveEveryFileAndKind() throws Exception {
        final Set<String> listed = new HashSet<>(Set.of("kustomization.yaml"));
        kustomization.get("resources").forEach(resource -> listed.add(resource.textValue()));
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(listed);
        }
        assertThat(manifests)
                .extracting(HasMetadata::getKind)
                .contains(
                        "StatefulSet",
                        "Deployment",
                        "Service",
                        "HorizontalPodAutoscaler",
                        "PodDisruptionBudget",
                        "NetworkPolicy");
    }

    @Test
    void shouldGiveEachRoleOptionsThatItTakes() throws Exception {
        final ServerConfig ingest = config(one(StatefulSet.class).getSpec().getTemplate());
        assertThat(ingest.role()).isEqualTo(Role.INGEST);
        final ServerConfig aggregator = config(one(Deployment.class).getSpec().getTemplate());
        assertThat(aggregator.role()).isEqualTo(Role.AGGREGATE);
        assertThat(aggregator.postgres()).isPresent();
        assertThat(aggregator.window()).isEqualTo(ingest.window());
        assertThat(container(one(StatefulSet.class).getSpec().getTemplate()).getPorts())
                .extracting("name", "containerPort")
                .containsExactly(
                        tuple("events", ingest.listen().getPort()),
                        tuple("admin", ingest.admin().address().getPort()));
    }

    @Test
    void shouldKeepTheJournalOnAVolumeOfThePod() throws Exception {
        final StatefulSet ingest = one(StatefulSet.class);
        final Container container = container(ingest.getSpec().getTemplate());
        assertThat(container.getVolumeMounts()).singleElement().satisfies(mount -> {
            assertThat(mount.getMountPath())
                    .isEqualTo(config(ingest.getSpec().getTemplate()).dataDir().toString());
            assertThat(ingest.getSpec().getVolumeClaimTemplates())
                    .singleElement()
                    .satisfies(
                            claim -> assertThat(claim.getMetadata().getName()).isEqualTo(mount.getName()));
        });
        assertThat(ingest.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenScaled())
                .isEqualTo("Retain");
    }

    @Test
    void shouldRunWithoutPrivilegesAndHaveTimeToStop() throws Exception {
        for (final PodTemplateSpec pod : pods()) {
            assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
            final Container container = container(pod);
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(pod.getSpec().getTerminationGracePeriodSeconds())
                    .isGreaterThan(config(pod).shutdownTimeout().toSeconds() + 5);
        }
    }

    @Test
    void shouldProbePathsThatAnswerAtNamedPorts() throws Exception {
        for (final PodTemplateSpec pod : pods()) {
            final Container container = container(pod);
            final List<Probe> probes =
                    List.of(container.getReadinessProbe(), container.getLivenessProbe(), container.getStartupProbe());
            assertThat(probes)
                    .extracting(probe -> probe.getHttpGet().getPath())
                    .containsExactly("/readyz", "/healthz", "/healthz");
            assertThat(probes)
                    .allSatisfy(
                            probe -> assertThat(probe.getHttpGet().getPort()).isEqualTo(new IntOrString("admin")));
        }
    }

    @Test
    void shouldSelectPodsThatThereAre() {
        final List<Map<String, String>> labels = new ArrayList<>();
        pods().forEach(pod -> labels.add(pod.getMetadata().getLabels()));
        final List<Map<String, String>> selectors = new ArrayList<>();
        all(PodDisruptionBudget.class)
                .forEach(each -> selectors.add(each.getSpec().getSelector().getMatchLabels()));
        all(NetworkPolicy.class)
                .forEach(each -> selectors.add(each.getSpec().getPodSelector().getMatchLabels()));
        all(Service.class).forEach(each -> {
            final Map<String, String> selector = new HashMap<>(each.getSpec().getSelector());
            // Kustomize gives this one to all.
            selector.remove("app.kubernetes.io/name", "millrace");
            selectors.add(selector);
        });
        assertThat(selectors)
                .hasSizeGreaterThan(6)
                .allSatisfy(selector ->
                        assertThat(labels).anySatisfy(pod -> assertThat(pod).containsAllEntriesOf(selector)));
        final HorizontalPodAutoscaler autoscaler = one(HorizontalPodAutoscaler.class);
        assertThat(autoscaler.getSpec().getScaleTargetRef().getName())
                .isEqualTo(one(StatefulSet.class).getMetadata().getName());
    }

    private HasMetadata typed(final JsonNode document) throws IOException {
        final HasMetadata manifest = serialization.unmarshal(document.toString(), HasMetadata.class);
        assertThat(StrictModel.unknownFields(manifest)).isEmpty();
        return manifest;
    }

    private List<PodTemplateSpec> pods() {
        return List.of(
                one(StatefulSet.class).getSpec().getTemplate(),
                one(Deployment.class).getSpec().getTemplate());
    }

    private <T> List<T> all(final Class<T> type) {
        return manifests.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private <T> T one(final Class<T> type) {
        final List<T> all = all(type);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static Container container(final PodTemplateSpec pod) {
        return pod.getSpec().getContainers().get(0);
    }

    /** The configuration of a pod: from the image, the map of the kustomization, its own variables and the secret. */
    private ServerConfig config(final PodTemplateSpec pod) throws IOException {
        final Map<String, String> environment =
                new HashMap<>(Setup.imageEnvironment(Files.readString(Setup.FOLDER.resolve("Dockerfile"))));
        final JsonNode map = kustomization.at("/configMapGenerator/0");
        assertThat(container(pod).getEnvFrom().get(0).getConfigMapRef().getName())
                .isEqualTo(map.get("name").textValue());
        map.get("literals").forEach(literal -> {
            final String[] pair = literal.textValue().split("=", 2);
            environment.put(pair[0], pair[1]);
        });
        container(pod)
                .getEnv()
                .forEach(variable -> environment.put(
                        variable.getName(),
                        variable.getValue() != null
                                ? variable.getValue()
                                : SECRET.get(variable.getValueFrom()
                                        .getSecretKeyRef()
                                        .getKey())));
        assertThat(Setup.unknown(environment.keySet())).isEmpty();
        return Setup.resolve(environment);
    }
}
