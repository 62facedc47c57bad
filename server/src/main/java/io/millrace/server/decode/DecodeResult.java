package io.millrace.server.decode;

import java.util.Arrays;

/**
 * What became of one body or query string: how many events were taken, and why the others were not.
 *
 * <p>Reusable: each decode starts it anew. Not thread-safe: one per event loop. Allocates nothing after construction.
 */
public final class DecodeResult {
    /** How many rejections are kept with index and code; the others are only counted. */
    public static final int MAX_ERRORS = 10;

    private static final RejectionCode[] CODES = RejectionCode.values();

    private final int[] errorIndexes = new int[MAX_ERRORS];
    private final RejectionCode[] errorCodes = new RejectionCode[MAX_ERRORS];
    private final long[] rejectedByCode = new long[CODES.length];
    private boolean batch;
    private boolean malformed;
    private boolean otherParameters;
    private int accepted;
    private int rejected;
    private int encodedBytes;
    private int clampedTimestamps;

    /** False for a single event: one JSON object that stands alone, or a query string. */
    public boolean batch() {
        return batch;
    }

    /**
     * Whether the document is not JSON. Nothing of it is accepted then, and it counts as one rejection:
     * {@link RejectionCode#INVALID_JSON}, with the index of the event at which it broke.
     */
    public boolean malformed() {
        return malformed;
    }

    /** Whether a query string has parameters that are no field of an event. */
    public boolean otherParameters() {
        return otherParameters;
    }

    void otherParameters(final boolean others) {
        otherParameters = others;
    }

    /** Events written. */
    public int accepted() {
        return accepted;
    }

    /** Events not written. */
    public int rejected() {
        return rejected;
    }

    /** Length in bytes of the events written, back to back. */
    public int encodedBytes() {
        return encodedBytes;
    }

    /** How many of the accepted events lay too far ahead and were given the time of receipt. */
    public int clampedTimestamps() {
        return clampedTimestamps;
    }

    /** How many rejections are listed, at most {@link #MAX_ERRORS}: the first ones, in order. */
    public int errorCount() {
        return Math.min(rejected, MAX_ERRORS);
    }

    /** The place in the batch, counted from 0, of listed rejection {@code i}. */
    public int errorIndex(final int i) {
        return errorIndexes[i];
    }

    /** The reason of listed rejection {@code i}. */
    public RejectionCode errorCode(final int i) {
        return errorCodes[i];
    }

    /** How many events of this body were rejected for that reason, the ones not listed included. */
    public long rejectedWith(final RejectionCode code) {
        return rejectedByCode[code.ordinal()];
    }

    void start(final boolean batch) {
        if (rejected != 0) {
            Arrays.fill(rejectedByCode, 0L);
        }
        this.batch = batch;
        malformed = false;
        accepted = 0;
        rejected = 0;
        encodedBytes = 0;
        clampedTimestamps = 0;
    }

    void becomeBatch() {
        batch = true;
    }

    /** The index in the batch that the next event has. */
    int nextIndex() {
        return accepted + rejected;
    }

    void accept(final int bytes, final boolean clamped) {
        accepted++;
        encodedBytes += bytes;
        if (clamped) {
            clampedTimestamps++;
        }
    }

    void reject(final RejectionCode code) {
        if (rejected < MAX_ERRORS) {
            errorIndexes[rejected] = nextIndex();
            errorCodes[rejected] = code;
        }
        rejected++;
        rejectedByCode[code.ordinal()]++;
    }

    /** Takes back a single event, because of what stands beside it. */
    public void rejectInstead(final RejectionCode code) {
        start(false);
        reject(code);
    }

    /** Takes back all events of the document, because it turned out not to be JSON. */
    void malformedDocument() {
        final int index = nextIndex();
        start(batch);
        malformed = true;
        reject(RejectionCode.INVALID_JSON);
        errorIndexes[0] = index;
    }
}
