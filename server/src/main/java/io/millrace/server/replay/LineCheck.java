package io.millrace.server.replay;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.server.decode.DecodeResult;
import io.millrace.server.decode.EventDecoder;
import io.millrace.server.decode.RejectionCode;
import io.millrace.server.ingest.IngestSettings;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Looks at lines before they are sent, with the decoder of the server: its answer to a request names ten faults at the most, and
 * by then the lines beside them are taken.
 *
 * <p>Not thread-safe.
 */
final class LineCheck {
    private final EventDecoder decoder =
            new EventDecoder(IngestSettings.MAX_EVENT_AGE_MILLIS, IngestSettings.MAX_EVENT_AHEAD_MILLIS);
    private final DecodeResult result = new DecodeResult();
    private final UnsafeBuffer source = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer encoded =
            new UnsafeBuffer(new byte[EventDecoder.maxEncodedJsonBytes(LineSource.MAX_LINE_BYTES)]);
    private final EventFlyweight event = new EventFlyweight();

    /** What a line is. */
    enum Verdict {
        BLANK,
        SOUND,
        /** Sound, and it has an event_id: sent again it is not counted again. */
        IDENTIFIED,
        FAULTY
    }

    Verdict look(final byte[] line, final long nowMillis) {
        source.wrap(line);
        decoder.decodeLines(source, 0, line.length, nowMillis, encoded, 0, result);
        if (result.rejected() > 0) {
            return Verdict.FAULTY;
        }
        if (result.accepted() == 0) {
            return Verdict.BLANK;
        }
        event.tryWrap(encoded, 0, result.encodedBytes());
        return event.eventIdLength() > 0 ? Verdict.IDENTIFIED : Verdict.SOUND;
    }

    /** What is wrong with the faulty line that was looked at last. */
    RejectionCode fault() {
        return result.errorCode(0);
    }
}
