package io.millrace.server.tail;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.server.admin.http.Json;
import java.io.IOException;
import java.io.OutputStream;

/** Writes an event as the ingest port takes it: one JSON object, one line. Stateless. */
final class EventLine {
    private EventLine() {}

    static void write(final EventFlyweight event, final OutputStream out) throws IOException {
        final Json json = new Json()
                .beginObject()
                .name("user_id")
                .value(text(event, event.userOffset(), event.userLength()))
                .name("action")
                .value(text(event, event.actionOffset(), event.actionLength()))
                .name("element")
                .value(text(event, event.elementOffset(), event.elementLength()))
                .name("timestamp")
                .value(event.timestampMillis());
        if (event.eventIdLength() > 0) {
            json.name("event_id").value(text(event, event.eventIdOffset(), event.eventIdLength()));
        }
        out.write(json.endObject().toByteArray());
        out.write('\n');
    }

    static String text(final EventFlyweight event, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        event.buffer().getBytes(offset, bytes);
        return new String(bytes, UTF_8);
    }
}
