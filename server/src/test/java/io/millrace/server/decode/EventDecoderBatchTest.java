package io.millrace.server.decode;

import static io.millrace.server.decode.DecoderHarness.RECEIVED_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.server.decode.DecoderHarness.Decoded;
import io.millrace.server.decode.DecoderHarness.Event;
import io.millrace.server.decode.DecoderHarness.Rejection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventDecoderBatchTest {
    private static final String NO_ACTION = "{\"user_id\":1,\"element\":\"e\"}";
    private static final String AHEAD =
            "{\"user_id\":1,\"action\":\"a\",\"element\":\"e\",\"timestamp\":\"2026-01-01T00:01:00.001Z\"}";

    private final DecoderHarness harness = new DecoderHarness();

    private static String event(final int user) {
        return "{\"user_id\":" + user + ",\"action\":\"a\",\"element\":\"e\"}";
    }

    private static Event decoded(final int user) {
        return new Event(Integer.toString(user), "a", "e", RECEIVED_MILLIS, "");
    }

    @Test
    void shouldTakeTheNeighboursOfABadEvent() {
        final Decoded result = harness.decode(
                Form.JSON, " [ " + event(0) + "," + NO_ACTION + " , 5,[" + event(9) + "],\"x\"," + AHEAD + "\n]\n");
        assertThat(result)
                .isEqualTo(new Decoded(
                        true,
                        false,
                        List.of(decoded(0), decoded(1)),
                        4,
                        List.of(
                                new Rejection(1, RejectionCode.MISSING_ACTION),
                                new Rejection(2, RejectionCode.INVALID_EVENT),
                                new Rejection(3, RejectionCode.INVALID_EVENT),
                                new Rejection(4, RejectionCode.INVALID_EVENT)),
                        1));
    }

    @Test
    void shouldBeABatchWithOneEvent() {
        for (final Form form : new Form[] {Form.JSON, Form.BEACON}) {
            final Decoded result = harness.decode(form, "[" + event(3) + "]");
            assertThat(result.batch()).isTrue();
            assertThat(result.onlyEvent()).isEqualTo(decoded(3));
        }
        assertThat(harness.decode(Form.LINES, event(3)).batch()).isTrue();
    }

    @Test
    void shouldListTenRejectionsAndCountAll() {
        final String array = IntStream.range(0, 50)
                .mapToObj(i -> i % 2 == 0 ? event(i) : NO_ACTION)
                .collect(Collectors.joining(","));
        final Decoded result = harness.decode(Form.JSON, "[" + array + "]");
        assertThat(result.events()).hasSize(25);
        assertThat(result.rejected()).isEqualTo(25);
        assertThat(result.rejections()).hasSize(10);
        assertThat(result.rejections().get(9)).isEqualTo(new Rejection(19, RejectionCode.MISSING_ACTION));
    }

    @Test
    void shouldForgetTheResultBefore() {
        harness.decode(Form.JSON, "[" + NO_ACTION + "," + NO_ACTION + "," + AHEAD + "]");
        assertThat(harness.decode(Form.JSON, event(1)))
                .isEqualTo(new Decoded(false, false, List.of(decoded(1)), 0, List.of(), 0));
        harness.decode(Form.JSON, "nonsense");
        assertThat(harness.decode(Form.JSON, event(1)))
                .isEqualTo(new Decoded(false, false, List.of(decoded(1)), 0, List.of(), 0));
    }

    @Test
    void shouldLetEachLineStandAlone() {
        final Decoded result = harness.decode(
                Form.LINES,
                "\n" + event(0) + "\r\n \t\r\n" + "{\"user_id\":\n" + NO_ACTION + "\n[" + event(5) + "]\n" + event(1)
                        + "x\n" + event(2) + event(3) + "\n\n  " + event(4) + "  \nnul");
        assertThat(result)
                .isEqualTo(new Decoded(
                        true,
                        false,
                        List.of(decoded(0), decoded(4)),
                        6,
                        List.of(
                                new Rejection(1, RejectionCode.INVALID_JSON),
                                new Rejection(2, RejectionCode.MISSING_ACTION),
                                new Rejection(3, RejectionCode.INVALID_EVENT),
                                new Rejection(4, RejectionCode.INVALID_JSON),
                                new Rejection(5, RejectionCode.INVALID_JSON),
                                new Rejection(7, RejectionCode.INVALID_JSON)),
                        0));
    }

    @Test
    void shouldEndALineAtItsLineFeedWhateverStandsThere() {
        final Decoded result =
                harness.decode(Form.LINES, "{\"user_id\":1,\n\"action\":\"a\",\"element\":\"e\"}\n\"\n\"");
        assertThat(result.events()).isEmpty();
        assertThat(result.rejected()).isEqualTo(4);
    }

    @Test
    void shouldTakeASingleBeacon() {
        assertThat(harness.decode(Form.BEACON, " " + event(1) + "\n"))
                .isEqualTo(new Decoded(false, false, List.of(decoded(1)), 0, List.of(), 0));
        assertThat(harness.decode(Form.BEACON, NO_ACTION))
                .isEqualTo(new Decoded(
                        false, false, List.of(), 1, List.of(new Rejection(0, RejectionCode.MISSING_ACTION)), 0));
    }

    @Test
    void shouldTakeSeveralBeaconsSeparatedByWhiteSpace() {
        assertThat(harness.decode(Form.BEACON, event(0) + "\n" + NO_ACTION + " \t\r\n" + event(1) + " 5"))
                .isEqualTo(new Decoded(
                        true,
                        false,
                        List.of(decoded(0), decoded(1)),
                        2,
                        List.of(
                                new Rejection(1, RejectionCode.MISSING_ACTION),
                                new Rejection(3, RejectionCode.INVALID_EVENT)),
                        0));
    }

    @Test
    void shouldRefuseBeaconsThatRunTogether() {
        assertThat(harness.decode(Form.BEACON, event(0) + event(1)).malformed()).isTrue();
        assertThat(harness.decode(Form.BEACON, event(0) + "," + event(1)).malformed())
                .isTrue();
        assertThat(harness.decode(Form.BEACON, "[" + event(0) + "]\n" + event(1))
                        .malformed())
                .isTrue();
        assertThat(harness.decode(Form.JSON, event(0) + "\n" + event(1)).malformed())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"JSON", "LINES", "BEACON"})
    void shouldFitTheShortestEventsIntoTheLengthOfTheirSource(final Form form) {
        final String shortest = event(1);
        assertThat(shortest).hasSize(40);
        final String separator = form == Form.JSON ? "," : "\n";
        final String events = IntStream.range(0, 1000).mapToObj(i -> shortest).collect(Collectors.joining(separator));
        // The harness gives the sink exactly the claim and checks the bytes around it.
        assertThat(harness.decode(form, form == Form.JSON ? "[" + events + "]" : events)
                        .events())
                .hasSize(1000);
        assertThat(harness.decode(form, shortest).events()).hasSize(1);
    }

    @Test
    void shouldRefuseNegativeBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new EventDecoder(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new EventDecoder(0, -1));
    }
}
