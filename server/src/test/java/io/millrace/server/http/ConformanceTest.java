package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.ingest.ServerFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case in any split of its bytes, alone and pipelined behind another, gives the same bytes. */
class ConformanceTest {
    private static final byte[] BEFORE = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);

    /** Longer cases are split at every so many bytes, so that all splits stay within a second. */
    private static final int MOST_SPLITS = 2000;

    @TempDir
    static Path folder;

    private static ServerFixture fixture;
    private static HttpLoop loop;

    @BeforeAll
    static void open() {
        fixture = new ServerFixture(folder, 1 << 28);
        loop = fixture.httpLoop(HttpLimits.DEFAULTS);
    }

    @AfterAll
    static void close() {
        assertThat(fixture.budget.freeBytes())
                .as("everything collected is given back")
                .isEqualTo(64 << 20);
        fixture.close();
    }

    static List<Case> cases() {
        return ConformanceCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldReplyWhole(final Case test) {
        assertThat(summary(test, send(test.bytes(), test.bytes().length, test.bytes().length)))
                .isEqualTo(test.expected());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldReplyTheSameInTwoPieces(final Case test) {
        final byte[] bytes = test.bytes();
        final String whole = send(bytes, bytes.length, bytes.length);
        final int step = 1 + bytes.length / MOST_SPLITS;
        for (int split = 1; split < bytes.length; split += step) {
            assertThat(send(bytes, split, bytes.length))
                    .as("split at %d", split)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldReplyTheSameByteByByte(final Case test) {
        final byte[] bytes = test.bytes();
        assertThat(send(bytes, 1, 1)).isEqualTo(send(bytes, bytes.length, bytes.length));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldReplyTheSameBehindAnother(final Case test) {
        final byte[] bytes = new byte[BEFORE.length + test.bytes().length];
        System.arraycopy(BEFORE, 0, bytes, 0, BEFORE.length);
        System.arraycopy(test.bytes(), 0, bytes, BEFORE.length, test.bytes().length);
        final String whole = send(test.bytes(), test.bytes().length, test.bytes().length);
        final int step = 1 + bytes.length / MOST_SPLITS;
        final String before = send(BEFORE, BEFORE.length, BEFORE.length);
        for (int split = step; split <= bytes.length; split += step) {
            assertThat(send(bytes, split, bytes.length))
                    .as("split at %d", split)
                    .isEqualTo(before + whole);
        }
    }

    private static String summary(final Case test, final String replies) {
        final String text = test.text();
        final int heads = text.toUpperCase(Locale.ROOT).startsWith("HEAD ") ? 1 : 0;
        return ReplyReader.summary(ReplyReader.read(replies, heads));
    }

    /** Sends a first piece, then pieces of another size. */
    private static String send(final byte[] bytes, final int first, final int then) {
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
