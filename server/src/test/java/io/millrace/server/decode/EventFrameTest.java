package io.millrace.server.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a frame is learned, and which events have it. {@link EventFrameAgreementTest} tests what they are read as. */
class EventFrameTest {
    private static final String EVENT = "{\"user_id\":\"u1\",\"action\":\"click\",\"element\":\"buy\"}";
    private static final String LIKE_EVENT =
            "{\"user_id\":\"another\",\"action\":\"a\",\"element\":\"element-0123456789\"}";
    private static final String OTHER = "{\"action\":\"click\",\"user_id\":7,\"element\":\"buy\"}";
    private static final String LIKE_OTHER = "{\"action\":\"x\",\"user_id\":-123456789012,\"element\":\"y\"}";

    private final Window source = new Window();
    private final EventDraft draft = new EventDraft();
    private final JsonScanner scanner = new JsonScanner(source);
    private final JsonString string = new JsonString(source, draft);
    private final JsonEventReader reader =
            new JsonEventReader(source, draft, scanner, string, new JsonSkipper(source, scanner, string));

    private void wrap(final String text) {
        final byte[] bytes = text.getBytes(UTF_8);
        source.wrap(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private int read(final String text) {
        wrap(text);
        return reader.read(0, 0);
    }

    /** Whether the text begins with an event that has the frame. */
    private boolean isFramed(final String text) {
        wrap(text);
        return reader.readWithinLine(0) != JsonScanner.MALFORMED;
    }

    private void assertRead(final String text) {
        assertThat(read(text)).isEqualTo(text.length());
    }

    @Test
    void shouldLearnFromTheFirstEvent() {
        assertThat(isFramed(EVENT)).isFalse();
        assertRead(EVENT);
        wrap(LIKE_EVENT + "x");
        assertThat(reader.readWithinLine(0)).isEqualTo(LIKE_EVENT.length());
        assertThat(isFramed(OTHER)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"user_id\":\"a\",\"action\":\"b\",\"element\":\"c\",\"timestamp\":1767225600000,\"event_id\":\"d\"}",
                "{ \"user_id\" : \"a\" , \"action\" : \"b\" , \"element\" : \"c\" }",
                "{\"element\":\"c\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"action\":\"b\",\"user_id\":12}",
                "{\"v\":1,\"user_id\":\"a\",\"site\":\"shop\",\"action\":\"b\",\"x\":{\"y\":[1,2]},\"element\":\"c\",\"z\":null}",
                "{\"user_id\":\"a\",\"action\":\"b\",\"action\":\"b\",\"element\":\"c\"}",
                "{\"us\\u0065r_id\":\"a\",\"action\":\"b\",\"element\":\"c\"}",
                "{\"user_id\":1.5e3,\"action\":\"b\",\"element\":\"c\"}",
                "{\"action\":\"b\"}"
            })
    void shouldLearnAnyOrderSpaceAndShortUnknownMembers(final String event) {
        assertRead(event);
        assertThat(isFramed(event)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"user_id\":null,\"action\":\"b\",\"element\":\"c\"}",
                "{\"user_id\":\"a\",\"action\":\"b\",\"element\":\"c\",\"timestamp\":true}",
                "{\"user_id\":\"a\",\"action\":[],\"element\":\"c\"}",
                "{\"user_id\":\"a\",\"unknown\":\"0123456789abcdef\",\"action\":\"b\",\"element\":\"c\"}",
                "{\"user_id\":\"a\",\"action\":\"b\",\"element\":\"c\",\"unknown\":\"0123456789abcdefgh\"}",
                "{\"action\":1,\"action\":2,\"action\":3,\"action\":4,\"action\":5,\"action\":6,\"action\":7,\"action\":8}",
                "{}",
                "{\"x\":1}"
            })
    void shouldNotLearnWhatNoFrameHolds(final String event) {
        assertRead(event);
        assertThat(isFramed(event)).isFalse();
    }

    @Test
    void shouldKeepTheFrameWhileFewEventsDiffer() {
        assertRead(EVENT);
        for (int i = 1; i < JsonEventReader.LEARN_EVERY; i++) {
            assertRead(OTHER);
            assertThat(isFramed(LIKE_EVENT)).isTrue();
        }
        assertRead(OTHER);
        assertThat(isFramed(LIKE_EVENT)).isFalse();
        assertThat(isFramed(LIKE_OTHER)).isTrue();
        for (int i = 0; i < JsonEventReader.LEARN_EVERY; i++) {
            assertRead(EVENT);
        }
        assertThat(isFramed(LIKE_EVENT)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"action\":\"a\",\"user_id\":\"u\",", "{\"action\":null}", "{}"})
    void shouldKeepTheFrameIfTheEventToLearnGivesNone(final String last) {
        assertRead(EVENT);
        for (int i = 1; i < JsonEventReader.LEARN_EVERY; i++) {
            assertRead(OTHER);
        }
        read(last);
        assertThat(isFramed(LIKE_EVENT)).isTrue();
    }

    @Test
    void shouldNotTakeAFrameOfSeveralLinesForALine() {
        final String event = "{\"user_id\":\"u\",\n\"action\":\"a\",\"element\":\"e\"}";
        assertRead(event);
        assertThat(isFramed(event)).isFalse();
        final String lastLine = "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"\n}";
        for (int i = 0; i < JsonEventReader.LEARN_EVERY; i++) {
            assertRead(lastLine);
        }
        assertThat(isFramed(lastLine)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"",
                "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\",",
                "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e}",
                "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\n\"}",
                "{\"user_id\":\"u\",\"action\":\"a\",\"element\":5}",
                "{\"user_id\":\"u\",\"action\":\"a\", \"element\":\"e\"}",
                "{\"user_id\":\"u\",\"action\":\"a\",\"elemenT\":\"e\"}",
                "{\"user_id\":\"u\\x\",\"action\":\"a\",\"element\":\"e\"}",
                ""
            })
    void shouldNotTakeAnEventThatDiffers(final String event) {
        assertRead(EVENT);
        assertThat(isFramed(event)).isFalse();
    }
}
