package io.millrace.bench.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.agrona.MutableDirectBuffer;

/** Decodes events by Jackson's streaming parser, without making strings of the values. Not thread-safe. */
final class JacksonDecoder {
    private final JsonFactory factory = new JsonFactory();
    private final EventSink sink;

    JacksonDecoder(final EventSink sink) {
        this.sink = sink;
    }

    /** Decodes as many objects as there are, one after another, and returns the bytes written. */
    int decode(final byte[] json, final long receivedMillis, final MutableDirectBuffer buffer, final int offset)
            throws IOException {
        int at = offset;
        try (JsonParser parser = factory.createParser(json)) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                sink.clear(receivedMillis);
                String name;
                while ((name = parser.nextFieldName()) != null) {
                    readValue(parser, name);
                }
                at += sink.put(buffer, at, receivedMillis);
            }
        }
        return at - offset;
    }

    private void readValue(final JsonParser parser, final String name) throws IOException {
        parser.nextToken();
        switch (name) {
            case "user_id" -> text(parser, 0);
            case "action" -> text(parser, 1);
            case "element" -> text(parser, 2);
            case "timestamp" -> sink.timestamp(parser.getLongValue());
            default -> parser.skipChildren();
        }
    }

    private void text(final JsonParser parser, final int i) throws IOException {
        sink.text(i, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    }
}
