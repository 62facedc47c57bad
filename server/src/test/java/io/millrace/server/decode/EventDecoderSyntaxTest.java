package io.millrace.server.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.decode.DecoderHarness.Decoded;
import io.millrace.server.decode.DecoderHarness.Rejection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderSyntaxTest {
    private static final String REQUIRED = "\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"";

    private final DecoderHarness harness = new DecoderHarness();

    private void assertMalformed(final String bytes) {
        for (final Form form : new Form[] {Form.JSON, Form.BEACON}) {
            final Decoded decoded = harness.decodeBytes(form, bytes);
            assertThat(decoded.malformed()).as("%s as %s", bytes, form).isTrue();
            assertThat(decoded.onlyCode()).isEqualTo(RejectionCode.INVALID_JSON);
        }
        if (bytes.indexOf('\n') < 0) {
            final Decoded decoded = harness.decodeBytes(Form.LINES, bytes);
            assertThat(decoded.malformed()).isFalse();
            assertThat(decoded.rejections()).containsExactly(new Rejection(0, RejectionCode.INVALID_JSON));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01",
                "-",
                "+1",
                "1.",
                ".5",
                "1.e5",
                "1e",
                "1e+",
                "1E-",
                "--1",
                "-01",
                "1a",
                "0x10",
                "NaN",
                "Infinity",
                "-Infinity",
                "00",
                "1_000",
                "tru",
                "truex",
                "True",
                "nul",
                "nulll",
                "fals",
                "falsee",
                "n",
                "t",
                "f",
                "'x'",
                "x",
                "\"",
                "\"abc",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u\"",
                "\"\\u12\"",
                "\"\\u123g\"",
                "\"\\u 123\"",
                "\"\\U0041\"",
                "\"\\'\"",
                "\"\\0\"",
                "\"a\tb\"",
                "\"a\nb\"",
                "\"a\u0000b\"",
                "\"a\u001fb\"",
                "[",
                "]",
                "{",
                "}",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1,,2]",
                "[1 2]",
                "[1}",
                "{]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{\"a\":1 \"b\":2}",
                "{a:1}",
                "{1:1}",
                "{\"a\":1]",
                "{\"a\",1}",
                "{\"a\"::1}",
                "{null:1}",
                ":",
                ",",
                "\u000b1",
                "\u00a01",
                "\u00851",
                "/*x*/1",
                "//x",
                "#",
                "\u0000",
                "\u00ff",
                "\u00e9"
            })
    void shouldRefuseWhatIsNotJson(final String value) {
        assertMalformed(value);
        assertMalformed("{\"x\":" + value + "," + REQUIRED + "}");
        assertMalformed("{\"element\":" + value + "," + REQUIRED + "}");
        assertMalformed("{\"user_id\":" + value);
        assertMalformed("[{\"x\":[" + value + "]," + REQUIRED + "}]");
        assertMalformed("[{" + REQUIRED + "}," + value + "]");
        assertMalformed("{" + REQUIRED + ",\"z\":{\"y\":" + value + "}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "]", "}", ",", "null", "\u0000", "\u00ef\u00bb\u00bf", "\"x\"", "1"})
    void shouldRefuseTrailingBytes(final String tail) {
        assertMalformed("{" + REQUIRED + "}" + tail);
        assertMalformed("[{" + REQUIRED + "}]" + tail);
        assertMalformed("[]" + tail);
        assertThat(harness.decodeBytes(Form.JSON, "{" + REQUIRED + "} " + tail).malformed())
                .isTrue();
    }

    @Test
    void shouldRefuseAByteOrderMark() {
        assertMalformed("\u00ef\u00bb\u00bf{" + REQUIRED + "}");
        assertMalformed("\u00ef\u00bb\u00bf[{" + REQUIRED + "}]");
        assertMalformed("\u00ef\u00bb\u00bf");
        assertMalformed("\u00fe\u00ff\u0000{");
    }

    @Test
    void shouldRefuseEveryTruncation() {
        final String document = " [{\"user_id\":-12,\"action\":\"\u00c3\u00a9\\u00e9\\n\",\"timestamp\":1767225600000,"
                + "\"x\":[true,null,{\"y\":false,\"z\":-1.5e+7}],\"element\":\"\u00e2\u0082\u00ac0123456789\"}]";
        assertThat(harness.decodeBytes(Form.JSON, document).onlyEvent().action())
                .isEqualTo("éé\n");
        for (int length = 2; length < document.length(); length++) {
            assertMalformed(document.substring(0, length));
        }
    }

    @Test
    void shouldBoundTheDepth() {
        assertDepth("[", "1", "]");
        assertDepth("{\"a\":", "1", "}");
        assertDepth("[{\"a\":", "1", "}]");
        assertDepth("[", "", "]");
    }

    private void assertDepth(final String open, final String inner, final String close) {
        final int levels = open.length() > 5 ? 2 : 1;
        // One level is the event itself.
        final int most = (EventDecoder.MAX_DEPTH - 1) / levels;
        final String deepest = open.repeat(most) + inner + close.repeat(most);
        final String deeper = (levels == 2 ? "[[" : "[") + deepest + (levels == 2 ? "]]" : "]");
        assertThat(harness.decode(Form.JSON, "{\"x\":" + deepest + "," + REQUIRED + "}")
                        .events())
                .hasSize(1);
        assertMalformed("{\"x\":" + deeper + "," + REQUIRED + "}");
        assertMalformed("{\"action\":" + deeper + "," + REQUIRED + "}");
        assertMalformed("[[" + deeper + "]]");
    }

    @Test
    void shouldCountTheArrayAroundEventsAsALevel() {
        final int most = EventDecoder.MAX_DEPTH - 2;
        final String deepest = "[".repeat(most) + "]".repeat(most);
        assertThat(harness.decode(Form.JSON, "[{" + REQUIRED + ",\"x\":" + deepest + "}]")
                        .events())
                .hasSize(1);
        assertMalformed("[{" + REQUIRED + ",\"x\":[" + deepest + "]}]");
    }

    @Test
    void shouldSurviveADeepBodyOfTheLargestSize() {
        assertMalformed("[".repeat(1 << 20));
        assertMalformed("{\"a\":".repeat(150_000));
        assertThat(harness.decode(Form.JSON, "[" + "[],".repeat(300_000) + "0]").rejected())
                .isEqualTo(300_001);
    }

    @Test
    void shouldTakeNothingOfAMalformedBatch() {
        final String good = "{" + REQUIRED + "}";
        assertThat(harness.decode(Form.JSON, "[" + good + ",5," + good + ",{\"x\"}]"))
                .isEqualTo(new Decoded(
                        true, true, List.of(), 1, List.of(new Rejection(3, RejectionCode.INVALID_JSON)), 0));
    }
}
