package io.millrace.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Compares JSON with a schema of OpenAPI 3.0, as far as ours go; stricter than the standard in one thing: an object has no
 * member that is not described.
 */
final class SchemaCheck {
    private final OpenAPI description;

    SchemaCheck(final OpenAPI description) {
        this.description = description;
    }

    /** The last part of a reference. */
    static String name(final String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    void check(final String where, final Schema<?> given, final JsonNode json) {
        final Schema<?> schema = resolve(given);
        if (json.isNull()) {
            assertThat(schema.getNullable()).as(where + " is null").isTrue();
            return;
        }
        final Map<String, Schema<?>> properties = new HashMap<>();
        final Set<String> required = new HashSet<>();
        collect(schema, properties, required);
        if (properties.isEmpty() && !(schema.getAdditionalProperties() instanceof Schema<?>)) {
            checkValue(where, schema, json);
        } else {
            checkObject(where, schema, properties, required, json);
        }
    }

    private void checkObject(
            final String where,
            final Schema<?> schema,
            final Map<String, Schema<?>> properties,
            final Set<String> required,
            final JsonNode json) {
        assertThat(json.isObject()).as(where).isTrue();
        final Set<String> names = new HashSet<>();
        json.fieldNames().forEachRemaining(names::add);
        assertThat(names).as(where).containsAll(required);
        for (final String name : names) {
            final Schema<?> property =
                    properties.containsKey(name) ? properties.get(name) : (Schema<?>) schema.getAdditionalProperties();
            assertThat(property).as(where + "." + name + " is not described").isNotNull();
            check(where + "." + name, property, json.get(name));
        }
    }

    private void checkValue(final String where, final Schema<?> schema, final JsonNode json) {
        switch (schema.getType()) {
            case "string" -> {
                assertThat(json.isTextual()).as(where).isTrue();
                if (schema.getEnum() != null) {
                    assertThat(schema.getEnum().stream().map(String::valueOf))
                            .as(where)
                            .contains(json.textValue());
                }
            }
            case "integer" -> assertThat(json.isIntegralNumber()).as(where).isTrue();
            case "number" -> assertThat(json.isNumber()).as(where).isTrue();
            case "boolean" -> assertThat(json.isBoolean()).as(where).isTrue();
            case "array" -> {
                assertThat(json.isArray()).as(where).isTrue();
                json.forEach(item -> check(where + "[]", schema.getItems(), item));
            }
            default -> throw new AssertionError(where + " has the type " + schema.getType());
        }
    }

    private void collect(final Schema<?> given, final Map<String, Schema<?>> properties, final Set<String> required) {
        final Schema<?> schema = resolve(given);
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, property) -> properties.put(name, (Schema<?>) property));
        }
        if (schema.getRequired() != null) {
            required.addAll(schema.getRequired());
        }
        if (schema.getAllOf() != null) {
            schema.getAllOf().forEach(part -> collect((Schema<?>) part, properties, required));
        }
    }

    private Schema<?> resolve(final Schema<?> schema) {
        return schema.get$ref() == null
                ? schema
                : description.getComponents().getSchemas().get(name(schema.get$ref()));
    }
}
