package io.millrace.bench.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.NumberConverter;
import java.io.IOException;
import org.agrona.MutableDirectBuffer;

/**
 * Decodes events by dsl-json's low-level reader, the way its generated code does: names by hash, values straight from the
 * reader. Not thread-safe.
 */
final class DslJsonDecoder {
    private static final byte[] USER_ID = "user_id".getBytes(US_ASCII);
    private static final byte[] ACTION = "action".getBytes(US_ASCII);
    private static final byte[] ELEMENT = "element".getBytes(US_ASCII);
    private static final byte[] TIMESTAMP = "timestamp".getBytes(US_ASCII);
    private static final int USER_ID_HASH = hash(USER_ID);
    private static final int ACTION_HASH = hash(ACTION);
    private static final int ELEMENT_HASH = hash(ELEMENT);
    private static final int TIMESTAMP_HASH = hash(TIMESTAMP);

    private final JsonReader<Object> reader = new DslJson<>().newReader();
    private final EventSink sink;

    DslJsonDecoder(final EventSink sink) {
        this.sink = sink;
    }

    /** FNV-1a, as {@link JsonReader#getLastHash} has it. */
    private static int hash(final byte[] name) {
        int hash = 0x811c9dc5;
        for (final byte b : name) {
            hash = (hash ^ b) * 0x1000193;
        }
        return hash;
    }

    /** Decodes as many objects as given, one after another, and returns the bytes written. */
    int decode(
            final byte[] json,
            final int count,
            final long receivedMillis,
            final MutableDirectBuffer buffer,
            final int offset)
            throws IOException {
        reader.process(json, json.length);
        int at = offset;
        for (int i = 0; i < count; i++) {
            if (reader.getNextToken() != '{') {
                throw reader.newParseError("an object expected");
            }
            sink.clear(receivedMillis);
            readMembers();
            at += sink.put(buffer, at, receivedMillis);
        }
        return at - offset;
    }

    private void readMembers() throws IOException {
        final JsonReader<Object> reader = this.reader;
        byte token = reader.getNextToken();
        if (token == '}') {
            return;
        }
        while (true) {
            if (token != '"') {
                throw reader.newParseError("a name expected");
            }
            final int hash = reader.fillName();
            reader.getNextToken();
            readValue(hash);
            token = reader.getNextToken();
            if (token == '}') {
                return;
            }
            if (token != ',') {
                throw reader.newParseError("a comma expected");
            }
            token = reader.getNextToken();
        }
    }

    private void readValue(final int hash) throws IOException {
        if (hash == USER_ID_HASH && reader.wasLastName(USER_ID)) {
            sink.text(0, reader.readString());
        } else if (hash == ACTION_HASH && reader.wasLastName(ACTION)) {
            sink.text(1, reader.readString());
        } else if (hash == ELEMENT_HASH && reader.wasLastName(ELEMENT)) {
            sink.text(2, reader.readString());
        } else if (hash == TIMESTAMP_HASH && reader.wasLastName(TIMESTAMP)) {
            sink.timestamp(NumberConverter.deserializeLong(reader));
        } else {
            reader.skip();
        }
    }
}
