package io.millrace.server.decode;

import static io.millrace.server.decode.DecoderHarness.MAX_AGE_MILLIS;
import static io.millrace.server.decode.DecoderHarness.MAX_AHEAD_MILLIS;
import static io.millrace.server.decode.DecoderHarness.RECEIVED_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.decode.DecoderHarness.Decoded;
import io.millrace.server.decode.DecoderHarness.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderJsonTest {
    private static final String REQUIRED = "\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"";
    private static final Event EVENT = new Event("u", "a", "e", RECEIVED_MILLIS, "");

    private final DecoderHarness harness = new DecoderHarness();

    private Decoded decode(final String text) {
        return harness.decode(Form.JSON, text);
    }

    private Event event(final String members) {
        final Decoded decoded = decode("{" + members + "}");
        assertThat(decoded.batch()).isFalse();
        return decoded.onlyEvent();
    }

    private RejectionCode code(final String members) {
        final Decoded decoded = decode("{" + members + "}");
        assertThat(decoded.malformed()).isFalse();
        assertThat(decoded.batch()).isFalse();
        return decoded.onlyCode();
    }

    private static String with(final String name, final String value) {
        return REQUIRED + ",\"" + name + "\":" + value;
    }

    @Test
    void shouldDecodeAllFields() {
        assertThat(event(with("timestamp", "1767225599999") + ",\"event_id\":\"id-1\""))
                .isEqualTo(new Event("u", "a", "e", 1767225599999L, "id-1"));
    }

    @Test
    void shouldTakeTheTimeOfReceiptWithoutTimestamp() {
        assertThat(event(REQUIRED)).isEqualTo(EVENT);
        assertThat(event(with("timestamp", "null"))).isEqualTo(EVENT);
        assertThat(event(with("event_id", "null"))).isEqualTo(EVENT);
    }

    @Test
    void shouldTakeKeysInAnyOrderAndAnyWhiteSpace() {
        assertThat(decode("\r\n\t {\t\"element\" :\n\"e\" , \"action\"\r:\"a\"\n,\n\n \"user_id\": \"u\" } \n\t")
                        .onlyEvent())
                .isEqualTo(EVENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "\"42\"", "\"\\u00342\""})
    void shouldTreatIntegerAndTextAsTheSameUser(final String user) {
        assertThat(event(with("user_id", user)).user()).isEqualTo("42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-0", "9223372036854775808", "123456789012345678901234567890"})
    void shouldTakeAnyInteger(final String user) {
        assertThat(event(with("user_id", user)).user()).isEqualTo(user);
    }

    @Test
    void shouldTakeTheLastOfDuplicateFields() {
        assertThat(event(with("user_id", "\"v\"")).user()).isEqualTo("v");
        assertThat(event("\"user_id\":7.5," + REQUIRED)).isEqualTo(EVENT);
        assertThat(code(with("user_id", "7.5"))).isEqualTo(RejectionCode.INVALID_USER_ID);
        assertThat(code(with("event_id", "\"x\"") + ",\"event_id\":5")).isEqualTo(RejectionCode.INVALID_EVENT_ID);
        assertThat(event(with("event_id", "\"x\"") + ",\"event_id\":null")).isEqualTo(EVENT);
    }

    @Test
    void shouldReadEscapedKeys() {
        assertThat(event("\"user\\u005fid\":\"u\",\"act\\u0069on\":\"a\",\"\\u0065lement\":\"e\","
                        + "\"\\u0074\\u0069\\u006D\\u0065\\u0073\\u0074\\u0061\\u006d\\u0070\":1767225600001,"
                        + "\"event_i\\u0064\":\"i\""))
                .isEqualTo(new Event("u", "a", "e", 1767225600001L, "i"));
    }

    @Test
    void shouldResolveEscapes() {
        assertThat(event(
                                with(
                                        "element",
                                        "\"\\\"\\\\\\/\\b\\f\\n\\r\\tx\\u0001\\u007f\\u0080\\u07FF\\u0800\\uffff\\uD83D\\uDE00y\""))
                        .element())
                .isEqualTo("\"\\/\b\f\n\r\tx\u0001\u007f\u0080\u07FF\u0800\uffff\uD83D\uDE00y");
    }

    @Test
    void shouldKeepRawCharactersOfAllLengths() {
        assertThat(event(with("element", "\"aé€😀z\"")).element()).isEqualTo("aé€😀z");
    }

    @Test
    void shouldSkipUnknownFields() {
        assertThat(event("\"x\":{\"user_id\":[1,-2.5e+10,true,false,null,\"\\ud800\",{},[]]},\"\":[],\"action2\":\"b\","
                        + "\"user_ie\":1,\"timestamq\":1,\"actioo\":1,\"elemens\":1,\"event_ie\":1," + REQUIRED))
                .isEqualTo(EVENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"action\":\"a\",\"element\":\"e\" | MISSING_USER_ID",
                "\"user_id\":\"u\",\"element\":\"e\" | MISSING_ACTION",
                "\"user_id\":\"u\",\"action\":\"a\" | MISSING_ELEMENT",
                "\"x\":1 | MISSING_USER_ID",
                "\"user_id\":\"\",\"element\":5 | INVALID_USER_ID",
                "\"user_id\":1,\"element\":5 | MISSING_ACTION",
                "\"timestamp\":true,\"event_id\":7,\"user_id\":1,\"action\":\"a\",\"element\":5 | INVALID_ELEMENT",
                "\"timestamp\":true,\"event_id\":7,\"user_id\":1,\"action\":\"a\",\"element\":\"e\" | INVALID_TIMESTAMP",
                "\"timestamp\":-1,\"event_id\":7,\"user_id\":1,\"action\":\"a\",\"element\":\"e\" | TIMESTAMP_TOO_OLD",
            })
    void shouldReportTheFirstFaultInTheOrderOfFields(final String members, final RejectionCode expected) {
        assertThat(code(members)).isEqualTo(expected);
    }

    @Test
    void shouldRejectAnEmptyObject() {
        assertThat(decode("{}").onlyCode()).isEqualTo(RejectionCode.MISSING_USER_ID);
        assertThat(decode("{ }").onlyCode()).isEqualTo(RejectionCode.MISSING_USER_ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "false", "1.5", "1e3", "1E3", "0.0", "[]", "{}", "[\"u\"]", "\"\""})
    void shouldRejectWrongTypes(final String value) {
        assertThat(code(with("user_id", value))).isEqualTo(RejectionCode.INVALID_USER_ID);
        assertThat(code(with("action", value))).isEqualTo(RejectionCode.INVALID_ACTION);
        assertThat(code(with("element", value))).isEqualTo(RejectionCode.INVALID_ELEMENT);
        if (!value.equals("null")) {
            assertThat(code(with("event_id", value))).isEqualTo(RejectionCode.INVALID_EVENT_ID);
            assertThat(code(with("timestamp", value))).isEqualTo(RejectionCode.INVALID_TIMESTAMP);
        }
    }

    @Test
    void shouldRejectIntegersWhereTextIsDue() {
        assertThat(code(with("action", "1"))).isEqualTo(RejectionCode.INVALID_ACTION);
        assertThat(code(with("element", "1"))).isEqualTo(RejectionCode.INVALID_ELEMENT);
        assertThat(code(with("event_id", "1"))).isEqualTo(RejectionCode.INVALID_EVENT_ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\u0000",
                "a\\u0000b",
                "\\ud800",
                "\\uDC00",
                "\\udbffx",
                "\\ud800\\u0041",
                "\\ud800\\ud800\\udc00",
                "\\udc00\\ud800",
                "\\ud800\\n",
                "x\\ud83d",
                "\\ud83d\\\\de00"
            })
    void shouldRejectNulAndLoneSurrogates(final String text) {
        final String value = '"' + text + '"';
        assertThat(code(with("user_id", value))).isEqualTo(RejectionCode.INVALID_USER_ID);
        assertThat(code(with("action", value))).isEqualTo(RejectionCode.INVALID_ACTION);
        assertThat(code(with("element", value))).isEqualTo(RejectionCode.INVALID_ELEMENT);
        assertThat(code(with("event_id", value))).isEqualTo(RejectionCode.INVALID_EVENT_ID);
        assertThat(code(with("timestamp", value))).isEqualTo(RejectionCode.INVALID_TIMESTAMP);
        assertThat(event(with("unknown", value))).isEqualTo(EVENT);
        assertThat(decode("{\"" + text + "\":1," + REQUIRED + "}").onlyEvent()).isEqualTo(EVENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0080", "\u00C0\u0080", "\u00C1\u00BF", "\u00E0\u009F\u00BF", "\u00ED\u00A0\u0080",
                        "\u00F0\u008F\u00BF\u00BF",
                "\u00F4\u0090\u0080\u0080", "\u00F5\u0080\u0080\u0080", "\u00FF", "\u00C3", "\u00E2\u0082",
                        "\u00F0\u009F\u0098",
                "\u00E2\u0082x", "\u00C3\u00C3\u00A9", "\u00C3\\u00e9"
            })
    void shouldRejectBadUtf8InAFieldAndTakeTheNeighbours(final String bytes) {
        final String good = "{" + REQUIRED + "}";
        final String bad = "{" + REQUIRED + ",\"action\":\"" + bytes + "\"}";
        final Decoded decoded = harness.decodeBytes(Form.JSON, "[" + good + "," + bad + "," + good + "]");
        assertThat(decoded.malformed()).isFalse();
        assertThat(decoded.events()).containsExactly(EVENT, EVENT);
        assertThat(decoded.rejections()).containsExactly(new DecoderHarness.Rejection(1, RejectionCode.INVALID_ACTION));
        assertThat(harness.decodeBytes(Form.JSON, "{" + REQUIRED + ",\"x\":\"" + bytes + "\"}")
                        .malformed())
                .isTrue();
        assertThat(harness.decodeBytes(Form.JSON, "{" + REQUIRED + ",\"" + bytes + "\":1}")
                        .malformed())
                .isTrue();
    }

    @Test
    void shouldMeasureLengthsInBytesAfterUnescaping() {
        assertThat(event(with("user_id", '"' + "é".repeat(64) + '"')).user()).hasSize(64);
        assertThat(code(with("user_id", '"' + "é".repeat(64) + "x\""))).isEqualTo(RejectionCode.TOO_LONG_USER_ID);
        assertThat(event(with("user_id", '"' + "\\u00e9".repeat(64) + '"')).user())
                .hasSize(64);
        assertThat(code(with("user_id", '"' + "\\u00e9".repeat(64) + "x\""))).isEqualTo(RejectionCode.TOO_LONG_USER_ID);
        assertThat(event(with("user_id", "9".repeat(128))).user()).hasSize(128);
        assertThat(code(with("user_id", "9".repeat(129)))).isEqualTo(RejectionCode.TOO_LONG_USER_ID);
        assertThat(event(with("action", '"' + "a".repeat(128) + '"')).action()).hasSize(128);
        assertThat(code(with("action", '"' + "a".repeat(129) + '"'))).isEqualTo(RejectionCode.TOO_LONG_ACTION);
        assertThat(event(with("element", '"' + "e".repeat(256) + '"')).element())
                .hasSize(256);
        assertThat(code(with("element", '"' + "e".repeat(257) + '"'))).isEqualTo(RejectionCode.TOO_LONG_ELEMENT);
        assertThat(event(with("event_id", '"' + "i".repeat(64) + '"')).eventId())
                .hasSize(64);
        assertThat(code(with("event_id", '"' + "i".repeat(65) + '"'))).isEqualTo(RejectionCode.TOO_LONG_EVENT_ID);
        assertThat(code(with("user_id", '"' + "u".repeat(500) + "\\u0000\""))).isEqualTo(RejectionCode.INVALID_USER_ID);
    }

    @Test
    void shouldBoundTimestamps() {
        final long oldest = RECEIVED_MILLIS - MAX_AGE_MILLIS;
        final long latest = RECEIVED_MILLIS + MAX_AHEAD_MILLIS;
        assertThat(event(with("timestamp", Long.toString(oldest))).timestampMillis())
                .isEqualTo(oldest);
        assertThat(code(with("timestamp", Long.toString(oldest - 1)))).isEqualTo(RejectionCode.TIMESTAMP_TOO_OLD);
        assertThat(event(with("timestamp", Long.toString(latest))).timestampMillis())
                .isEqualTo(latest);
        final Decoded ahead = decode("{" + with("timestamp", Long.toString(latest + 1)) + "}");
        assertThat(ahead.onlyEvent()).isEqualTo(EVENT);
        assertThat(ahead.clampedTimestamps()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551616",
                "99999999999999999999999999999999"
            })
    void shouldClampHugeTimestamps(final String timestamp) {
        final Decoded decoded = decode("{" + with("timestamp", timestamp) + "}");
        assertThat(decoded.onlyEvent()).isEqualTo(EVENT);
        assertThat(decoded.clampedTimestamps()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-1",
                "-9223372036854775808",
                "-9223372036854775809",
                "-99999999999999999999999999999999",
                "\"0000-01-01T00:00:00+23:59\"",
                "\"1969-12-31T23:59:59Z\""
            })
    void shouldRejectSmallAndNegativeTimestampsAsTooOld(final String timestamp) {
        assertThat(code(with("timestamp", timestamp))).isEqualTo(RejectionCode.TIMESTAMP_TOO_OLD);
    }

    @Test
    void shouldNotCountAClampedTimestampOfARejectedEvent() {
        final Decoded decoded = decode("{" + with("timestamp", "9999999999999") + ",\"event_id\":5}");
        assertThat(decoded.onlyCode()).isEqualTo(RejectionCode.INVALID_EVENT_ID);
        assertThat(decoded.clampedTimestamps()).isZero();
    }

    @Test
    void shouldReadIso8601Timestamps() {
        assertThat(event(with("timestamp", "\"2025-12-31T23:59:58.1239Z\"")).timestampMillis())
                .isEqualTo(RECEIVED_MILLIS - 2000 + 123);
        assertThat(event(with("timestamp", "\"2026-01-01T01:00:00\\u002b01:00\""))
                        .timestampMillis())
                .isEqualTo(RECEIVED_MILLIS);
        assertThat(code(with("timestamp", "\"2026-01-01T01:00:00 01:00\""))).isEqualTo(RejectionCode.INVALID_TIMESTAMP);
        assertThat(code(with("timestamp", "\"2026-01-01T00:00:00\""))).isEqualTo(RejectionCode.INVALID_TIMESTAMP);
        assertThat(code(with("timestamp", "\"1767225600000\""))).isEqualTo(RejectionCode.INVALID_TIMESTAMP);
        assertThat(code(with("timestamp", '"' + "\\u0030".repeat(200) + '"')))
                .isEqualTo(RejectionCode.INVALID_TIMESTAMP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n\t "})
    void shouldTreatABodyWithoutContentAsAnEmptyBatch(final String text) {
        for (final Form form : new Form[] {Form.JSON, Form.LINES, Form.BEACON}) {
            assertThat(harness.decode(form, text))
                    .isEqualTo(new Decoded(true, false, java.util.List.of(), 0, java.util.List.of(), 0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", " [ ] "})
    void shouldTreatAnEmptyArrayAsAnEmptyBatch(final String text) {
        for (final Form form : new Form[] {Form.JSON, Form.BEACON}) {
            assertThat(harness.decode(form, text))
                    .isEqualTo(new Decoded(true, false, java.util.List.of(), 0, java.util.List.of(), 0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "-1.5e3", "\"x\"", "null", "true", " false "})
    void shouldRejectAValueThatIsNoObject(final String text) {
        final Decoded decoded = decode(text);
        assertThat(decoded.malformed()).isFalse();
        assertThat(decoded.batch()).isFalse();
        assertThat(decoded.onlyCode()).isEqualTo(RejectionCode.INVALID_EVENT);
    }
}
