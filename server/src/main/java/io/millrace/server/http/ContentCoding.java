package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.agrona.concurrent.UnsafeBuffer;

/** What Content-Encoding says was done to a body, as far as this port can undo it: RFC 9110, 8.4.1. */
public enum ContentCoding {
    /** Nothing. */
    IDENTITY,
    /** {@code gzip}, once; {@code x-gzip} is the same (RFC 9110, 8.4.1.3). */
    GZIP,
    /** Any other coding, or several. */
    OTHER;

    private static final byte[] IDENTITY_NAME = "identity".getBytes(US_ASCII);
    private static final byte[] GZIP_NAME = "gzip".getBytes(US_ASCII);
    private static final byte[] X_GZIP_NAME = "x-gzip".getBytes(US_ASCII);

    /** This coding, and then those of a field's value: a list, of which empty items do not count (RFC 9110, 5.6.1). */
    ContentCoding then(final UnsafeBuffer buffer, final int from, final int to) {
        ContentCoding all = this;
        int i = from;
        while (i < to) {
            final int comma = FieldReader.listItemEnd(buffer, i, to);
            final int item = FieldReader.skipSpace(buffer, i, comma);
            final int length = FieldReader.trimSpace(buffer, item, comma) - item;
            if (length > 0 && !HttpBytes.equalsIgnoreCase(buffer, item, length, IDENTITY_NAME)) {
                final boolean gzip = HttpBytes.equalsIgnoreCase(buffer, item, length, GZIP_NAME)
                        || HttpBytes.equalsIgnoreCase(buffer, item, length, X_GZIP_NAME);
                all = gzip && all == IDENTITY ? GZIP : OTHER;
            }
            i = comma + 1;
        }
        return all;
    }
}
