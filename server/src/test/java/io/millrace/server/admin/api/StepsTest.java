package io.millrace.server.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.server.admin.http.AdminException;
import io.millrace.storage.postgres.query.EventFilter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepsTest {
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration HOUR = Duration.ofHours(1);

    @ParameterizedTest
    @CsvSource({
        "PT0S,PT10S,10s",
        "PT50M,PT10S,10s",
        "PT1H,PT10S,30s",
        "PT6H,PT10S,5m",
        "PT24H,PT10S,5m",
        "P7D,PT10S,1h",
        "P90D,PT10S,1d",
        "P90D,PT45M,1d",
        "PT1H,PT45M,6h",
        "PT1H,PT27S,6h",
        "P3000D,PT10S,11d"
    })
    void shouldChooseAStepThatSuitsTheRangeAndTheWindow(
            final Duration range, final Duration window, final String step) {
        final Duration suitable = Steps.suitable(range, window);
        assertThat(Steps.text(suitable)).isEqualTo(step);
        assertThat(suitable.toMillis() % window.toMillis()).isZero();
        assertThat(range.dividedBy(suitable)).isLessThanOrEqualTo(300);
    }

    @ParameterizedTest
    @CsvSource({"10s,PT10S", "20000ms,PT20S", "5m,PT5M", "1h,PT1H", "1d,PT24H", "366d,PT8784H"})
    void shouldReadEveryUnit(final String text, final Duration step) throws Exception {
        assertThat(Steps.parse(text, HOUR, WINDOW)).isEqualTo(step);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "s", "0s", "-10s", "1.5m", "10 s", "5s", "15s", "367d", "1y", "9999999999s"})
    void shouldRefuseWhatIsNoMultipleOfTheWindow(final String text) {
        assertThat(refusal(text, HOUR))
                .startsWith("{\"error\":\"invalid_step\",\"message\":\"step=" + text + ": must be a");
    }

    @Test
    void shouldRefuseMoreStepsThanAnAnswerMayHave() throws Exception {
        assertThat(Steps.parse("10s", WINDOW.multipliedBy(1_500), WINDOW)).isEqualTo(WINDOW);
        assertThat(refusal("10s", WINDOW.multipliedBy(1_501)))
                .isEqualTo(
                        "{\"error\":\"invalid_step\",\"message\":\"step=10s: the range has 1501 of it, and 1500 are the"
                                + " most: give a larger step, as 1m, or a shorter range\"}");
    }

    @Test
    void shouldWidenARangeToWholeSteps() {
        assertThat(align(12_345, 54_321)).isEqualTo(filter(10_000, 60_000));
        assertThat(align(10_000, 60_000)).isEqualTo(filter(10_000, 60_000));
        assertThat(align(10_000, 10_000)).isEqualTo(filter(10_000, 10_000));
        final Instant withinAMillisecond = Instant.ofEpochMilli(20_000).plusNanos(1);
        assertThat(Steps.align(new EventFilter(Instant.EPOCH, withinAMillisecond, "a", null), WINDOW))
                .isEqualTo(new EventFilter(Instant.EPOCH, Instant.ofEpochMilli(30_000), "a", null));
    }

    private static EventFilter align(final long fromMillis, final long toMillis) {
        return Steps.align(filter(fromMillis, toMillis), WINDOW);
    }

    private static EventFilter filter(final long fromMillis, final long toMillis) {
        return new EventFilter(Instant.ofEpochMilli(fromMillis), Instant.ofEpochMilli(toMillis), null, "e");
    }

    private static String refusal(final String step, final Duration range) {
        final AdminException refused =
                catchThrowableOfType(AdminException.class, () -> Steps.parse(step, range, WINDOW));
        return UTF_8.decode(refused.reply().body()).toString();
    }
}
