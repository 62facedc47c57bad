package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of Date: IMF-fixdate, RFC 9110, 5.6.7. Always {@value #LENGTH} bytes. */
final class ReplyDate {
    static final int LENGTH = 29;
    static final String PLACEHOLDER = "Thu, 01 Jan 1970 00:00:00 GMT";

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private ReplyDate() {}

    static byte[] of(final long epochSecond) {
        return FORMAT.format(Instant.ofEpochSecond(epochSecond)).getBytes(US_ASCII);
    }
}
