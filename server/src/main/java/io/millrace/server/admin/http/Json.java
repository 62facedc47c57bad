package io.millrace.server.admin.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonWriter;
import com.dslplatform.json.NumberConverter;

/** Writes one JSON text: dsl-json's writer, with the commas put where they belong. Not thread-safe. */
public final class Json {
    private static final DslJson<Object> DSL_JSON = new DslJson<>(new DslJson.Settings<>());
    private static final int INITIAL_BYTES = 1024;

    private final JsonWriter writer = DSL_JSON.newWriter(INITIAL_BYTES);
    private boolean comma;

    public Json beginObject() {
        return begin(JsonWriter.OBJECT_START);
    }

    public Json endObject() {
        return end(JsonWriter.OBJECT_END);
    }

    public Json beginArray() {
        return begin(JsonWriter.ARRAY_START);
    }

    public Json endArray() {
        return end(JsonWriter.ARRAY_END);
    }

    /** The name of the member whose value comes next. */
    public Json name(final String name) {
        separate();
        writer.writeString(name);
        writer.writeByte(JsonWriter.SEMI);
        comma = false;
        return this;
    }

    public Json value(final long value) {
        separate();
        NumberConverter.serialize(value, writer);
        return this;
    }

    /** A number, to three decimal places; null if it is none. */
    public Json value(final double value) {
        separate();
        if (Double.isFinite(value)) {
            NumberConverter.serialize(Math.round(value * 1e3) / 1e3, writer);
        } else {
            writer.writeNull();
        }
        return this;
    }

    public Json value(final boolean value) {
        separate();
        writer.writeAscii(Boolean.toString(value));
        return this;
    }

    /** A string, or null. */
    public Json value(final String value) {
        separate();
        if (value == null) {
            writer.writeNull();
        } else {
            writer.writeString(value);
        }
        return this;
    }

    public byte[] toByteArray() {
        return writer.toByteArray();
    }

    @Override
    public String toString() {
        return new String(toByteArray(), UTF_8);
    }

    private Json begin(final byte bracket) {
        separate();
        writer.writeByte(bracket);
        comma = false;
        return this;
    }

    private Json end(final byte bracket) {
        writer.writeByte(bracket);
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            writer.writeByte(JsonWriter.COMMA);
        }
        comma = true;
    }
}
