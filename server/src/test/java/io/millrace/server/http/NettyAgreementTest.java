package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * This parser against Netty's decoder over generated and mutated requests, in pieces: both read the same requests, with the same
 * ends. Where this one refuses what Netty takes, a {@link Strictness} must say why; where it takes what Netty refuses, a
 * {@link Leniency}. Both lists stand in docs/http.md.
 *
 * <p>{@code -Dmillrace.fuzz.requests=N} makes it longer, {@code -Dmillrace.fuzz.seed=N} repeats a run; the seed is printed. The
 * time limit of a batch, hundreds of times what it takes, only ends a hang.
 */
class NettyAgreementTest {
    private static final int REQUESTS = Integer.getInteger("millrace.fuzz.requests", 150_000);
    private static final long SEED = Long.getLong("millrace.fuzz.seed", System.nanoTime());
    private static final int BATCH = 10_000;
    private static final Duration HANG = Duration.ofMinutes(2);
    private static final Path DOCUMENTATION = Path.of("..", "docs", "http.md");

    @Test
    void shouldReadWhatNettyReads() {
        System.out.printf(
                "%s: -Dmillrace.fuzz.seed=%d -Dmillrace.fuzz.requests=%d%n",
                getClass().getSimpleName(), SEED, REQUESTS);
        final NettyAgreement agreement = new NettyAgreement();
        final MutatedRequests source = new MutatedRequests(SEED);
        for (int left = REQUESTS; left > 0; left -= BATCH) {
            final int batch = Math.min(left, BATCH);
            assertTimeoutPreemptively(HANG, () -> agreement.check(source, batch));
        }
        System.out.println(agreement);
        // The generator would prove nothing if it missed one of the outcomes.
        assertThat(agreement.agreed()).isGreaterThan(REQUESTS / 2);
        assertThat(agreement.refusedByBoth()).isGreaterThan(REQUESTS / 20);
    }

    @Test
    void shouldNeedEachOfItsReasons() {
        final NettyAgreement agreement = new NettyAgreement();
        for (final Case test : ConformanceCases.all()) {
            agreement.check(test.bytes(), length -> length);
        }
        agreement.check(tooLarge(), length -> length);
        assertThat(agreement.stricter()).isEqualTo(EnumSet.allOf(Strictness.class));
        assertThat(agreement.moreLenient()).isEqualTo(EnumSet.allOf(Leniency.class));
    }

    @Test
    void shouldDocumentEachOfItsReasonsAndNoOther() throws IOException {
        final Set<String> documented = Files.readAllLines(DOCUMENTATION).stream()
                .filter(line -> line.matches("\\| .* \\| RFC \\d+, [\\d.]+ \\|"))
                .collect(Collectors.toSet());
        final Stream<String> reasons = Stream.concat(
                Stream.of(Strictness.values()).map(Strictness::documented),
                Stream.of(Leniency.values()).map(Leniency::documented));
        assertThat(documented).containsExactlyInAnyOrderElementsOf(reasons.toList());
    }

    /** With all of its body, which no case of conformance has. */
    private static byte[] tooLarge() {
        final int length = HttpLimits.DEFAULTS.bodyBytes() + 1;
        return CaseList.post(CaseList.length(length), "x".repeat(length)).getBytes(ISO_8859_1);
    }
}
