package io.millrace.server.ingest;

import io.millrace.server.decode.DecodeResult;
import io.millrace.server.decode.RejectionCode;
import java.util.concurrent.atomic.AtomicLongArray;

/** How many events one event loop rejected, by reason. Thread-safe for one writer and any number of readers. */
public final class RejectionCounters {
    private static final RejectionCode[] CODES = RejectionCode.values();

    private final AtomicLongArray values = new AtomicLongArray(CODES.length);

    RejectionCounters() {}

    void add(final DecodeResult result) {
        for (int i = 0; i < CODES.length; i++) {
            final long rejected = result.rejectedWith(CODES[i]);
            if (rejected != 0) {
                values.setRelease(i, values.getPlain(i) + rejected);
            }
        }
    }

    public long get(final RejectionCode code) {
        return values.getAcquire(code.ordinal());
    }
}
