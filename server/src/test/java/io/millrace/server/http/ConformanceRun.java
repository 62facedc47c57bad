package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.millrace.server.ingest.ServerFixture;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;

/** Makes tests of cases: each whole, split at each byte, byte by byte, and behind another request, with the same replies. */
final class ConformanceRun implements AutoCloseable {
    private static final byte[] BEFORE = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);
    private static final int JOURNAL_BYTES = 1 << 28;
    private static final int BUDGET_BYTES = 64 << 20;

    private final ServerFixture fixture;
    private final HttpLoop loop;

    ConformanceRun(final Path folder) {
        fixture = new ServerFixture(folder, JOURNAL_BYTES, BUDGET_BYTES);
        loop = fixture.httpLoop(HttpLimits.DEFAULTS);
    }

    /** The tests of these cases, a container for each section. */
    Stream<DynamicContainer> tests(final List<Case> cases) {
        final Map<String, List<Case>> sections =
                cases.stream().collect(groupingBy(Case::section, LinkedHashMap::new, Collectors.toList()));
        return sections.entrySet().stream()
                .map(section -> dynamicContainer(
                        section.getKey(), section.getValue().stream().flatMap(this::inEachWay)));
    }

    private Stream<DynamicTest> inEachWay(final Case test) {
        return Stream.of(
                dynamicTest(test.name() + ", whole", () -> shouldReplyWhole(test)),
                dynamicTest(test.name() + ", in two pieces", () -> shouldReplyTheSameInTwoPieces(test)),
                dynamicTest(test.name() + ", byte by byte", () -> shouldReplyTheSameByteByByte(test)),
                dynamicTest(test.name() + ", behind another", () -> shouldReplyTheSameBehindAnother(test)));
    }

    void shouldReplyWhole(final Case test) {
        final List<String> replies = replies(test, sendWhole(test.bytes()));
        assertThat(ReplyReader.summary(replies)).isEqualTo(test.expected());
        ReplyRules.check(replies);
    }

    /** The other tests of a case at once. */
    void shouldReplyTheSameHoweverSplit(final Case test) {
        shouldReplyTheSameByteByByte(test);
        shouldReplyTheSameBehindAnother(test);
        shouldReplyTheSameInTwoPieces(test);
    }

    private void shouldReplyTheSameInTwoPieces(final Case test) {
        final byte[] bytes = test.bytes();
        final String whole = sendWhole(bytes);
        for (int split = 1; split < bytes.length; split++) {
            assertThat(send(bytes, split, bytes.length))
                    .as("split at %d", split)
                    .isEqualTo(whole);
        }
    }

    private void shouldReplyTheSameByteByByte(final Case test) {
        assertThat(send(test.bytes(), 1, 1)).isEqualTo(sendWhole(test.bytes()));
    }

    private void shouldReplyTheSameBehindAnother(final Case test) {
        final byte[] bytes = new byte[BEFORE.length + test.bytes().length];
        System.arraycopy(BEFORE, 0, bytes, 0, BEFORE.length);
        System.arraycopy(test.bytes(), 0, bytes, BEFORE.length, test.bytes().length);
        final String expected = sendWhole(BEFORE) + sendWhole(test.bytes());
        for (final int first : new int[] {1, BEFORE.length - 1, BEFORE.length, BEFORE.length + 1, bytes.length}) {
            assertThat(send(bytes, first, bytes.length))
                    .as("split at %d", first)
                    .isEqualTo(expected);
        }
        assertThat(send(bytes, 1, 1)).as("byte by byte").isEqualTo(expected);
    }

    private static List<String> replies(final Case test, final String replies) {
        final int heads = test.text().toUpperCase(Locale.ROOT).startsWith("HEAD ") ? 1 : 0;
        return ReplyReader.read(replies, heads);
    }

    private String sendWhole(final byte[] bytes) {
        return send(bytes, bytes.length, bytes.length);
    }

    /** Sends a first piece, then pieces of another size. */
    private String send(final byte[] bytes, final int first, final int then) {
        return Splits.send(loop, bytes, first, then);
    }

    @Override
    public void close() {
        assertThat(fixture.budget.freeBytes())
                .as("everything collected is given back")
                .isEqualTo(BUDGET_BYTES);
        fixture.close();
    }
}
