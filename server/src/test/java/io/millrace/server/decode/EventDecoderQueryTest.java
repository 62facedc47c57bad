package io.millrace.server.decode;

import static io.millrace.server.decode.DecoderHarness.RECEIVED_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.event.EventLayout;
import io.millrace.server.decode.DecoderHarness.Decoded;
import io.millrace.server.decode.DecoderHarness.Event;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderQueryTest {
    private static final Event EVENT = new Event("u1", "click", "buy", RECEIVED_MILLIS, "");

    private final DecoderHarness harness = new DecoderHarness();

    private Event event(final String query) {
        final Decoded decoded = harness.decode(Form.QUERY, query);
        assertThat(decoded.batch()).isFalse();
        return decoded.onlyEvent();
    }

    private RejectionCode code(final String query) {
        final Decoded decoded = harness.decodeBytes(Form.QUERY, query);
        assertThat(decoded.batch()).isFalse();
        assertThat(decoded.malformed()).isFalse();
        return decoded.onlyCode();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user_id=u1&action=click&element=buy",
                "u=u1&a=click&e=buy",
                "e=buy&u=u1&a=click",
                "&&u=u1&&a=click&e=buy&",
                "u=u1&a=click&e=buy&t=&eid=&timestamp&event_id",
                "u=x&a=x&e=x&user_id=u1&action=click&element=buy",
                "u=u1&a=click&e=buy&x=1&writeKey=%zz&=5&y&ack=disk&uu=1&ei=1&eie=1",
                "user%5Fid=u1&%61=click&%65%6Cement=buy",
                "%75%73%65%72%5f%69%64=%75%31&a=%63lick&e=bu%79",
                "u=u1&a=click&e=buy&%zz=1&%=2&%7=3&%00=4&us%FFer=5",
                "u%3D=5&u=u1&a=click&e=buy",
                "u=u1&a=click&e=buy&%61%61%61%61%61%61%61%61%61%61%61%61=1",
            })
    void shouldFindTheParameters(final String query) {
        assertThat(event(query)).isEqualTo(EVENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a+b|a b",
                "a%20b|a b",
                "a%2Bb|a+b",
                "a%2bb|a+b",
                "%25|%",
                "%26|&",
                "%3D=|==",
                "a=b|a=b",
                "%C3%A9|é",
                "%c3%a9|é",
                "%E2%82%AC|€",
                "%F0%9F%98%80|😀",
                "é€😀|é€😀",
                "%F0😀|",
                "a;b|a;b",
                "#|#",
                "+|' '"
            })
    void shouldDecodeValues(final String encoded, final String expected) {
        if (expected == null) {
            assertThat(harness.decode(Form.QUERY, "u=1&a=2&e=" + encoded).onlyCode())
                    .isEqualTo(RejectionCode.INVALID_ELEMENT);
            return;
        }
        assertThat(event("u=1&a=2&e=" + encoded).element()).isEqualTo(expected);
        assertThat(event("e=" + encoded + "&u=1&a=2").element()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%4",
                "%zz",
                "%4z",
                "%z4",
                "a%",
                "a%2",
                "%%41",
                "%-1",
                "%+1",
                "%00",
                "a%00b",
                "%80",
                "%C0%80",
                "%ED%A0%80",
                "%F4%90%80%80",
                "%C3",
                "%C3+",
                "%C3%C3%A9",
                "%E2%82",
                "%FF",
                "\u0000",
                "\u00ff",
                "\u00c3",
                "\u00c3%C3",
                "%E2\u0082",
                "12345678%"
            })
    void shouldRejectBadEncodings(final String value) {
        for (final String tail : new String[] {"", "&x=1"}) {
            assertThat(code("a=a&e=e&u=" + value + tail)).isEqualTo(RejectionCode.INVALID_USER_ID);
            assertThat(code("u=u&e=e&a=" + value + tail)).isEqualTo(RejectionCode.INVALID_ACTION);
            assertThat(code("u=u&a=a&e=" + value + tail)).isEqualTo(RejectionCode.INVALID_ELEMENT);
            assertThat(code("u=u&a=a&e=e&t=" + value + tail)).isEqualTo(RejectionCode.INVALID_TIMESTAMP);
            assertThat(code("u=u&a=a&e=e&eid=" + value + tail)).isEqualTo(RejectionCode.INVALID_EVENT_ID);
        }
    }

    @Test
    void shouldJoinRawAndEncodedBytesOfOneCharacter() {
        assertThat(harness.decodeBytes(Form.QUERY, "u=1&a=2&e=\u00e2%82\u00ac")
                        .onlyEvent()
                        .element())
                .isEqualTo("€");
    }

    @ParameterizedTest
    @CsvSource({
        "'',MISSING_USER_ID",
        "u,MISSING_USER_ID",
        "u=,MISSING_USER_ID",
        "u=1&u=,MISSING_USER_ID",
        "u=1,MISSING_ACTION",
        "u=1&a=&e=1,MISSING_ACTION",
        "u=1&a=1&t=x,MISSING_ELEMENT",
        "u=1&a=1&e=1&t=x&eid=%,INVALID_TIMESTAMP",
        "u=1&a=1&e=1&t=-5,TIMESTAMP_TOO_OLD",
        "u=1&a=1&e=1&t=5,TIMESTAMP_TOO_OLD",
        "u=1&a=1&e=1&t=007,INVALID_TIMESTAMP",
        "u=1&a=1&e=1&t=1.5,INVALID_TIMESTAMP",
        "u=1&a=1&e=1&t=-,INVALID_TIMESTAMP",
        "u=1&a=1&e=1&t=%2B1767225600000,INVALID_TIMESTAMP",
        "u=1&a=1&e=1&t=2026-01-01+00:00:00Z,INVALID_TIMESTAMP"
    })
    void shouldReportTheFirstFault(final String query, final RejectionCode expected) {
        assertThat(code(query)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1767225600000",
                "17672256%30%30000",
                "2026-01-01T00:00:00Z",
                "2026-01-01T00%3A00%3A00.000Z",
                "2026-01-01T01:30:00%2B01:30",
                "2026-01-01T01:30:00+01:30",
                "2026-01-01T01:30:00%2001:30",
                "2026-01-01T01:30:00+0130",
                "2025-12-31T23:00:00-01:00"
            })
    void shouldReadTimestamps(final String timestamp) {
        assertThat(event("u=u1&a=click&e=buy&t=" + timestamp)).isEqualTo(EVENT);
        assertThat(event("timestamp=" + timestamp + "&u=u1&a=click&e=buy")).isEqualTo(EVENT);
    }

    @Test
    void shouldClampHugeTimestamps() {
        final Decoded decoded = harness.decode(Form.QUERY, "u=u1&a=click&e=buy&t=" + "9".repeat(100));
        assertThat(decoded.onlyEvent()).isEqualTo(EVENT);
        assertThat(decoded.clampedTimestamps()).isEqualTo(1);
    }

    @Test
    void shouldMeasureLengthsAfterDecoding() {
        assertThat(event("a=a&e=e&u=" + "%C3%A9".repeat(64)).user()).hasSize(64);
        assertThat(code("a=a&e=e&u=" + "%C3%A9".repeat(64) + "x")).isEqualTo(RejectionCode.TOO_LONG_USER_ID);
        assertThat(code("u=u&e=e&a=" + "a".repeat(129))).isEqualTo(RejectionCode.TOO_LONG_ACTION);
        assertThat(code("u=u&a=a&e=" + "e".repeat(257))).isEqualTo(RejectionCode.TOO_LONG_ELEMENT);
        assertThat(code("u=u&a=a&e=e&eid=" + "i".repeat(65))).isEqualTo(RejectionCode.TOO_LONG_EVENT_ID);
    }

    @Test
    void shouldFitTheShortestAndTheLongestEvent() {
        assertThat(EventDecoder.maxEncodedQueryBytes(11)).isEqualTo(EventLayout.HEADER_LENGTH + 11);
        assertThat(event("u=1&a=2&e=3")).isEqualTo(new Event("1", "2", "3", RECEIVED_MILLIS, ""));
        final Event longest =
                new Event("u".repeat(128), "a".repeat(128), "e".repeat(256), RECEIVED_MILLIS, "i".repeat(64));
        final String query = "u=" + longest.user() + "&a=" + longest.action() + "&e=" + longest.element() + "&event_id="
                + longest.eventId();
        assertThat(EventDecoder.maxEncodedQueryBytes(query.length())).isEqualTo(EventLayout.MAX_LENGTH);
        assertThat(event(query)).isEqualTo(longest);
        assertThat(event(query.replace("a", "%61")
                        .replace("u=", "user_id=")
                        .replace("i", "%69")
                        .replace("%69d", "id")
                        .replace("_%69", "_i")))
                .isEqualTo(longest);
    }

    @Test
    void shouldReadWhatUrlEncoderWrites() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            final Event expected = new Event(
                    Texts.random(random, 30), Texts.random(random, 30), Texts.random(random, 60), RECEIVED_MILLIS, "");
            assertThat(event("user_id=" + encode(expected.user()) + "&e=" + encode(expected.element()) + "&action="
                            + encode(expected.action())))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldSurviveAnyBytes() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final String alphabet = "uaeti=&%+0123Af\u00c3\u00a9\u0000-:TZ._d";
        for (int i = 0; i < 50_000; i++) {
            final StringBuilder query = new StringBuilder();
            final int length = random.nextInt(60);
            for (int c = 0; c < length; c++) {
                query.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            final Decoded decoded = harness.decodeBytes(Form.QUERY, query.toString());
            assertThat(decoded.events().size() + decoded.rejected())
                    .as("seed %d: %s", seed, query)
                    .isEqualTo(1);
        }
    }

    private static String encode(final String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
