package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.server.decode.DecodeResult;
import io.millrace.server.decode.RejectionCode;

/**
 * Writes what became of a batch as JSON: counts, and the first rejections with index and code.
 *
 * <p>Not thread-safe: one per event loop. Allocates nothing after construction.
 */
final class BatchReport {
    private static final int MAX_NUMBER_LENGTH = 11;
    private static final byte[] ACCEPTED = ascii("{\"status\":\"accepted\",\"accepted\":");
    private static final byte[] REJECTED = ascii("{\"status\":\"rejected\",\"accepted\":");
    private static final byte[] COUNT_REJECTED = ascii(",\"rejected\":");
    private static final byte[] ERRORS = ascii(",\"errors\":[");
    private static final byte[] INDEX = ascii("{\"index\":");
    private static final byte[] CODE = ascii(",\"code\":\"");
    private static final byte[] ERROR_END = ascii("\"}");
    private static final byte[] END = ascii("]}");

    private final byte[][] codes;
    private final byte[] bytes;
    private int length;

    BatchReport() {
        final RejectionCode[] all = RejectionCode.values();
        codes = new byte[all.length][];
        int longest = 0;
        for (final RejectionCode code : all) {
            codes[code.ordinal()] = ascii(code.code());
            longest = Math.max(longest, code.code().length());
        }
        final int error = 1 + INDEX.length + MAX_NUMBER_LENGTH + CODE.length + longest + ERROR_END.length;
        bytes = new byte
                [ACCEPTED.length
                        + COUNT_REJECTED.length
                        + ERRORS.length
                        + END.length
                        + 2 * MAX_NUMBER_LENGTH
                        + DecodeResult.MAX_ERRORS * error];
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(US_ASCII);
    }

    /** Writes the report into {@link #bytes()} and returns its length. */
    int write(final DecodeResult result) {
        length = 0;
        put(result.accepted() > 0 ? ACCEPTED : REJECTED);
        put(result.accepted());
        put(COUNT_REJECTED);
        put(result.rejected());
        put(ERRORS);
        for (int i = 0; i < result.errorCount(); i++) {
            if (i > 0) {
                bytes[length++] = ',';
            }
            put(INDEX);
            put(result.errorIndex(i));
            put(CODE);
            put(codes[result.errorCode(i).ordinal()]);
            put(ERROR_END);
        }
        put(END);
        return length;
    }

    byte[] bytes() {
        return bytes;
    }

    private void put(final byte[] text) {
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
    }

    private void put(final int number) {
        int unit = 1;
        while (unit <= number / 10) {
            unit *= 10;
        }
        for (int rest = number; unit > 0; unit /= 10) {
            bytes[length++] = (byte) ('0' + rest / unit);
            rest %= unit;
        }
    }
}
