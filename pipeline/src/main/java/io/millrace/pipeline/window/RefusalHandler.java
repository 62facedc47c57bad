package io.millrace.pipeline.window;

import io.millrace.pipeline.ship.StreamException;
import org.agrona.DirectBuffer;

/** Takes the events that a window store refuses. */
@FunctionalInterface
public interface RefusalHandler {
    /**
     * Takes equal events, before the commit that leaves them out. If that fails, they come again.
     *
     * @param event one of them, in the binary layout; valid during the call only
     * @param length of the event in bytes
     * @param events how many they are
     * @param reason what the store said
     * @throws StreamException if they could not be put anywhere: they must not be left out then
     */
    void onRefused(DirectBuffer event, int offset, int length, long events, String reason) throws StreamException;
}
