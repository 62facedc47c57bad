package io.millrace.bench.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** What is compressed. */
public enum GzipForm {
    /** One event of 87 bytes: compressing it does not pay, and costs most beside its size. */
    EVENT(1, 1),
    /** 100 lines, about what a page collects. */
    LINES_100(1, 100),
    /** 10,000 lines: 880 kB. */
    LINES_10000(1, 10_000),
    /** A member for each of 1,000 lines, as a log that is appended to has them. */
    MEMBERS(1000, 1),
    /** 50,000 members without content: a mebibyte that gives nothing, the most work for a byte that anyone can ask for so. */
    EMPTY_MEMBERS(50_000, 0);

    private static final long MILLIS = 1_767_225_600_000L;

    private final int members;
    private final int lines;

    GzipForm(final int members, final int lines) {
        this.members = members;
        this.lines = lines;
    }

    byte[] write() throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        int event = 0;
        for (int member = 0; member < members; member++) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                for (int line = 0; line < lines; line++, event++) {
                    gzip.write(JsonForm.CANONICAL.write(event, MILLIS).getBytes(US_ASCII));
                    gzip.write('\n');
                }
            }
        }
        return out.toByteArray();
    }
}
