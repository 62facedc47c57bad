package io.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZipfSamplerTest {
    private static final int DRAWS = 4_000_000;

    @ParameterizedTest
    @CsvSource({"1, 1.0", "2, 1.0", "50, 0.0", "50, 1.0", "1000, 0.8", "1000, 2.5", "10000, 1.0"})
    void shouldDrawByZipfsLaw(final int n, final double exponent) {
        final ZipfSampler sampler = new ZipfSampler(n, exponent);
        final SplittableRandom random = new SplittableRandom(42);
        final long[] drawn = new long[n];
        for (int i = 0; i < DRAWS; i++) {
            drawn[sampler.sample(random.nextLong())]++;
        }

        double harmonic = 0;
        for (int k = 1; k <= n; k++) {
            harmonic += Math.pow(k, -exponent);
        }
        double chiSquare = 0;
        int cells = 0;
        double restExpected = 0;
        long restDrawn = 0;
        for (int k = 0; k < n; k++) {
            restExpected += DRAWS * Math.pow(k + 1, -exponent) / harmonic;
            restDrawn += drawn[k];
            // Rare numbers share a cell: the test is only good for what is expected a few times.
            if (restExpected >= 20 || k == n - 1) {
                chiSquare += (restDrawn - restExpected) * (restDrawn - restExpected) / restExpected;
                cells++;
                restExpected = 0;
                restDrawn = 0;
            }
        }
        // Chi square of f degrees of freedom has mean f and variance 2 f; the seed is fixed, so it never fails by
        // chance.
        final int freedom = cells - 1;
        assertThat(chiSquare).isLessThanOrEqualTo(freedom + 4 * Math.sqrt(2.0 * freedom));
    }

    @Test
    void shouldKnowTheProbabilities() {
        final double[] probabilities = ZipfSampler.probabilities(4, 1.0);

        // 1 + 1/2 + 1/3 + 1/4 = 25/12
        assertThat(probabilities).containsExactly(new double[] {0.48, 0.24, 0.16, 0.12}, within(1e-15));
        assertThat(DoubleStream.of(ZipfSampler.probabilities(1_000_000, 1.0)).sum())
                .isCloseTo(1.0, within(1e-12));
    }

    @Test
    void shouldReachTheFirstAndTheLastForAnyBits() {
        final ZipfSampler sampler = new ZipfSampler(3, 0);

        assertThat(sampler.sample(0)).isZero();
        assertThat(sampler.sample(-1L)).isEqualTo(2);
    }
}
