package io.millrace.bench.load;

import java.util.stream.IntStream;

/**
 * Draws from 0 to n − 1 by Zipf's law: k in proportion to 1/(k + 1)^s. Exact and in constant time, by Walker's alias method as
 * Vose builds it ("A linear algorithm for generating random numbers with a given distribution", 1991): each slot has its own
 * number and one other, and a threshold between them.
 *
 * <p>Immutable, thread-safe; a draw allocates nothing.
 */
public final class ZipfSampler {
    private static final double TWO_TO_32 = 0x1p32;

    private final int[] alias;
    /** The part of a slot that is its own, in units of 2^-32. */
    private final long[] threshold;

    /**
     * Builds the table.
     *
     * @param n at least 1
     * @param exponent s; 0 draws evenly
     */
    public ZipfSampler(final int n, final double exponent) {
        alias = new int[n];
        threshold = new long[n];
        final double[] scaled = probabilities(n, exponent);
        final int[] queue = new int[n];
        int small = 0;
        int large = n;
        for (int k = 0; k < n; k++) {
            scaled[k] *= n;
            if (scaled[k] < 1) {
                queue[small++] = k;
            } else {
                queue[--large] = k;
            }
        }
        while (small > 0 && large < n) {
            final int poor = queue[--small];
            final int rich = queue[large];
            threshold[poor] = (long) (scaled[poor] * TWO_TO_32);
            alias[poor] = rich;
            scaled[rich] -= 1 - scaled[poor];
            if (scaled[rich] < 1) {
                large++;
                queue[small++] = rich;
            }
        }
        // What is left on either side differs from 1 by rounding only.
        IntStream.concat(IntStream.range(0, small), IntStream.range(large, n))
                .map(i -> queue[i])
                .forEach(k -> {
                    threshold[k] = (long) TWO_TO_32;
                    alias[k] = k;
                });
    }

    /** The probability of each number. */
    static double[] probabilities(final int n, final double exponent) {
        final double[] weights = IntStream.rangeClosed(1, n)
                .mapToDouble(k -> Math.pow(k, -exponent))
                .toArray();
        double sum = 0;
        // The smallest first: less is rounded away.
        for (int k = n - 1; k >= 0; k--) {
            sum += weights[k];
        }
        for (int k = 0; k < n; k++) {
            weights[k] /= sum;
        }
        return weights;
    }

    /** Draws a number with 64 random bits: the upper half picks the slot, the lower decides within it. */
    public int sample(final long randomBits) {
        final int slot = (int) (((randomBits >>> 32) * alias.length) >>> 32);
        return (randomBits & 0xffff_ffffL) < threshold[slot] ? slot : alias[slot];
    }
}
