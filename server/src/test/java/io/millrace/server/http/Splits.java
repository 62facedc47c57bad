package io.millrace.server.http;

import static org.assertj.core.api.Assertions.assertThat;

/** Sends the same bytes whole, split at each byte, and byte by byte: the replies must be the same. */
final class Splits {
    private Splits() {}

    /** Returns the replies. */
    static String replies(final HttpLoop loop, final byte[] bytes) {
        final String whole = send(loop, bytes, bytes.length, bytes.length);
        for (int split = 1; split < bytes.length; split++) {
            assertThat(send(loop, bytes, split, bytes.length))
                    .as("split at %d", split)
                    .isEqualTo(whole);
        }
        assertThat(send(loop, bytes, 1, 1)).as("byte by byte").isEqualTo(whole);
        return whole;
    }

    /** Sends a first piece, then pieces of another size. */
    static String send(final HttpLoop loop, final byte[] bytes, final int first, final int then) {
        try (StreamHarness harness = new StreamHarness(loop)) {
            int from = 0;
            int size = first;
            while (from < bytes.length) {
                final int to = Math.min(bytes.length, from + size);
                harness.send(bytes, from, to);
                from = to;
                size = then;
            }
            return harness.replies();
        }
    }
}
