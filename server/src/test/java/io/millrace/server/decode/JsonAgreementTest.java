package io.millrace.server.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.decode.DecoderHarness.Decoded;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The decoder and {@link JsonOracle} must agree on every document, sound or mutated. {@code -Dmillrace.fuzz.documents} says how
 * many, {@code -Dmillrace.fuzz.seed} repeats a run; a failure names its seed. The time limit only ends a hang.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JsonAgreementTest {
    private static final int DOCUMENTS = Integer.getInteger("millrace.fuzz.documents", 2_500);
    private static final long SEED = Long.getLong("millrace.fuzz.seed", System.nanoTime());

    private final DecoderHarness harness = new DecoderHarness();
    private final JsonOracle oracle = new JsonOracle();
    private final JsonDocuments documents = new JsonDocuments(new SplittableRandom(SEED));
    private int accepted;
    private int rejected;
    private int malformed;

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"JSON", "LINES", "BEACON"})
    void shouldAgreeOnGeneratedAndMutatedDocuments(final Form form) throws IOException {
        for (int i = 0; i < DOCUMENTS; i++) {
            final byte[] document = documents.document(form);
            assertAgreement(form, document);
            for (int mutant = 0; mutant < 3; mutant++) {
                assertAgreement(form, documents.mutate(document));
            }
        }
        // The generator would prove nothing if it missed one of the outcomes.
        assertThat(accepted).isGreaterThan(DOCUMENTS / 4);
        assertThat(rejected).isGreaterThan(DOCUMENTS / 4);
        if (form != Form.LINES) {
            assertThat(malformed).isGreaterThan(DOCUMENTS / 4);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"JSON", "LINES", "BEACON"})
    void shouldAgreeOnEventsOfOneFrame(final Form form) throws IOException {
        for (int i = 0; i < DOCUMENTS / 4; i++) {
            final byte[] document = documents.framed(form);
            assertAgreement(form, document);
            // A second time, with the frame that was learned the first time in force from the start.
            assertAgreement(form, document);
            for (int mutant = 0; mutant < 3; mutant++) {
                assertAgreement(form, documents.mutate(document));
            }
        }
        assertThat(accepted).isGreaterThan(DOCUMENTS);
        assertThat(rejected).isGreaterThan(DOCUMENTS / 4);
    }

    @Test
    void shouldAgreeOnEveryByteAtEveryPlaceOfAnEvent() throws IOException {
        final byte[] document =
                ("[{\"user_id\": -10,\"act\\u0069on\":\"\u00c3\u00a9\\n\\ud83d\\ude00\",\"timestamp\":1767225600000,"
                                + "\"x\":[true,1.5e3,null,{\"y\":false}],\"element\":\"0123456789\"}]")
                        .getBytes(ISO_8859_1);
        for (int at = 0; at < document.length; at++) {
            for (int value = 0; value < 256; value++) {
                final byte[] mutant = document.clone();
                mutant[at] = (byte) value;
                assertAgreement(Form.JSON, mutant);
            }
        }
    }

    private void assertAgreement(final Form form, final byte[] document) throws IOException {
        if (!JsonOracle.canJudge(document)) {
            return;
        }
        final Decoded expected = oracle.decode(form, document);
        final Decoded actual = harness.decode(form, document);
        // What a document was that is no JSON, and where it broke, is nothing to agree on.
        if (expected.malformed() ? !actual.malformed() : !expected.equals(actual)) {
            throw new AssertionError("disagreement on " + new String(document, ISO_8859_1) + "\n" + form + ", seed "
                    + SEED + "\nexpected " + expected + "\nbut was  " + actual);
        }
        accepted += actual.events().size();
        rejected += actual.rejected();
        malformed += actual.malformed() ? 1 : 0;
    }
}
