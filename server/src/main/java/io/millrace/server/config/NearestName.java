package io.millrace.server.config;

import java.util.Comparator;
import java.util.Set;

/** Finds what somebody who mistyped a name may have meant, by Levenshtein's distance. */
final class NearestName {
    private static final int MAX_DISTANCE = 3;

    private NearestName() {}

    /** {@code ", did you mean 'flush'?"}, or nothing. */
    static String hint(final String typed, final Set<String> known) {
        return known.stream()
                .filter(name -> distance(typed, name) <= MAX_DISTANCE)
                .min(Comparator.comparingInt((String name) -> distance(typed, name))
                        .thenComparing(name -> name))
                .map(name -> ", did you mean '" + name + "'?")
                .orElse("");
    }

    private static int distance(final String left, final String right) {
        int[] above = new int[right.length() + 1];
        for (int column = 0; column <= right.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= left.length(); row++) {
            final int[] current = new int[right.length() + 1];
            current[0] = row;
            for (int column = 1; column <= right.length(); column++) {
                final int replaced = above[column - 1] + (left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(above[column], current[column - 1]));
            }
            above = current;
        }
        return above[right.length()];
    }
}
