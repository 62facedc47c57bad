package io.millrace.server.http;

import org.agrona.concurrent.UnsafeBuffer;

/** What Content-Encoding says was done to a body, as far as this port can undo it: RFC 9110, 8.4.1. */
public enum ContentCoding {
    /** Nothing. */
    IDENTITY,
    /** {@code gzip}, once; {@code x-gzip} is the same (RFC 9110, 8.4.1.3). */
    GZIP,
    /** Any other coding, or several. */
    OTHER;

    private static final CaselessText IDENTITY_NAME = CaselessText.of("identity");
    private static final CaselessText GZIP_NAME = CaselessText.of("gzip");
    private static final CaselessText X_GZIP_NAME = CaselessText.of("x-gzip");

    /** This coding, and then those of a field's value: a list, of which empty items do not count (RFC 9110, 5.6.1). */
    ContentCoding then(final UnsafeBuffer buffer, final int from, final int to) {
        ContentCoding all = this;
        int i = from;
        while (i < to) {
            final int comma = FieldReader.listItemEnd(buffer, i, to);
            final int item = FieldReader.skipSpace(buffer, i, comma);
            final int length = FieldReader.trimSpace(buffer, item, comma) - item;
            if (length > 0 && !IDENTITY_NAME.matches(buffer, item, length)) {
                final boolean gzip =
                        GZIP_NAME.matches(buffer, item, length) || X_GZIP_NAME.matches(buffer, item, length);
                all = gzip && all == IDENTITY ? GZIP : OTHER;
            }
            i = comma + 1;
        }
        return all;
    }
}
