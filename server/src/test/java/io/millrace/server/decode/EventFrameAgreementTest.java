package io.millrace.server.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.server.decode.DecoderHarness.Decoded;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Events that have a frame in common, or nearly, against {@link JsonOracle}: values of each length up to 40 bytes, cut off at
 * each byte, with each byte replaced. The harness puts them at all alignments, hostile bytes behind.
 */
class EventFrameAgreementTest {
    private static final String COMPACT =
            "{\"user_id\":\"U\",\"action\":\"A\",\"element\":\"E\",\"timestamp\":1767225600000}";
    private static final String SPACED =
            "{\r  \"user_id\": \"U\",\r  \"action\": \"A\",\r  \"element\": \"E\",\r  \"event_id\": \"I\"\r}";
    private static final String TURNED =
            "{\"timestamp\":1767225600001,\"v\":1,\"element\":\"E\",\"action\":\"A\",\"user_id\":\"U\"}";
    private static final String MIXED =
            "{\"timestamp\":\"2026-01-01T00:00:00Z\",\"action\":\"A\",\"user_id\":42,\"element\":\"E\",\"event_id\":\"I\"}";
    private static final String[] PLACES = {"U", "A", "E", "I"};

    private final JsonOracle oracle = new JsonOracle();
    private DecoderHarness harness = new DecoderHarness();

    @BeforeEach
    void start() {
        harness = new DecoderHarness();
    }

    /** The form with a value in one place, plain ones in the others. */
    private static String event(final String form, final String place, final String value) {
        String event = form;
        for (final String other : PLACES) {
            event = event.replace('"' + other + '"', '"' + (other.equals(place) ? value : other.repeat(3)) + '"');
        }
        return event;
    }

    private void assertAgreement(final String document) throws IOException {
        final byte[] bytes = document.getBytes(ISO_8859_1);
        for (final Form form : new Form[] {Form.JSON, Form.LINES}) {
            final Decoded expected = oracle.decode(form, bytes);
            final Decoded actual = harness.decode(form, bytes);
            if (expected.malformed() ? !actual.malformed() : !expected.equals(actual)) {
                throw new AssertionError(form + ": " + document + "\nexpected " + expected + "\nbut was  " + actual);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {COMPACT, SPACED, TURNED, MIXED})
    void shouldReadValuesOfEachLength(final String form) throws IOException {
        for (final String place : PLACES) {
            for (int length = 0; length <= 40; length++) {
                assertAgreement(event(form, place, "x".repeat(length)));
            }
            for (int length = 62; length <= 260; length++) {
                assertAgreement(event(form, place, "x".repeat(length)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {COMPACT, SPACED, TURNED, MIXED})
    void shouldReadEventsCutOffAtEachByte(final String form) throws IOException {
        for (int length = 0; length <= 40; length++) {
            final String event = event(form, "E", "x".repeat(length));
            assertAgreement(event);
            for (int end = 0; end < event.length(); end++) {
                assertAgreement(event.substring(0, end));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {COMPACT, SPACED, TURNED, MIXED})
    void shouldReadWhatIsNotPlainAtEachPlaceOfAValue(final String form) throws IOException {
        final String[] specials = {
            "\\n",
            "\\u00e9",
            "\\ud83d\\ude00",
            "\\ud83d",
            "\\u0000",
            "\\x",
            "\\",
            "\"",
            "\u00c3\u00a9",
            "\u00f0\u009f\u0098\u0080",
            "\u00c3",
            "\u00e2\u0082",
            "\u00ff",
            "\u0001",
            "\n",
            "\u007f"
        };
        for (final String place : PLACES) {
            for (int at = 0; at <= 17; at++) {
                for (final String special : specials) {
                    assertAgreement(event(form, place, "x".repeat(at) + special + "x".repeat(17 - at)));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {COMPACT, SPACED, TURNED, MIXED})
    void shouldReadEventsWithEachByteReplaced(final String form) throws IOException {
        final String event = event(form, "U", "user-12345");
        assertAgreement(event);
        final byte[] bytes = event.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at++) {
            final byte[] mutant = bytes.clone();
            for (final char value : "\"\\{}[]:, \t\n\r0x\u0000\u0080\u00ff".toCharArray()) {
                mutant[at] = (byte) value;
                assertAgreement(new String(mutant, ISO_8859_1));
            }
            final byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
            System.arraycopy(bytes, at + 1, shorter, at, bytes.length - at - 1);
            assertAgreement(new String(shorter, ISO_8859_1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-1",
                "7",
                "12345678",
                "123456789",
                "1767225599999",
                "1767225660000",
                "1767225660001",
                "1764633600000",
                "1764633599999",
                "123456789012345",
                "1234567890123456",
                "9223372036854775807",
                "9223372036854775808",
                "99999999999999999999999999",
                "17672256000000000000000000000000000000000000",
                "01767225600000",
                "1767225600000.",
                "1767225600000.5",
                "1767225600000e0",
                "1.767e12",
                "176722560000x",
                "17672256",
                "-1767225600000",
                "null",
                "true",
                "\"1\"",
                "[]",
                "{}",
                ""
            })
    void shouldReadNumbersOfEachKind(final String number) throws IOException {
        assertAgreement(event(COMPACT, "U", "u"));
        assertAgreement(event(COMPACT, "U", "u").replace("1767225600000", number));
        start();
        assertAgreement(event(MIXED, "A", "a"));
        assertAgreement(event(MIXED, "A", "a").replace("42", number));
        // Next to the frame's end, and to the window's.
        start();
        final String last = "{\"action\":\"a\",\"element\":\"e\",\"user_id\":1}";
        assertAgreement(last);
        assertAgreement(last.replace(":1}", ':' + number + '}'));
        assertAgreement(last.replace(":1}", ':' + number));
    }
}
