package io.millrace.server.admin;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * The replies that wait for one level of acknowledgement.
 *
 * @param level as people write it
 * @param waiting how many wait now; may be asked by any thread
 * @param waits one source for each event loop: how long they waited
 */
public record AckSource(String level, LongSupplier waiting, List<LatencySource> waits) {
    public AckSource {
        waits = List.copyOf(waits);
    }
}
