package io.millrace.server.http;

import java.util.List;
import java.util.stream.Stream;

/** All cases of what RFC 9110 and 9112 say of requests, grouped by section, and by the ten rules that parsers get wrong. */
public final class ConformanceCases {
    private static final String RULE = "rule ";

    private ConformanceCases() {}

    public static List<Case> all() {
        return Stream.of(
                        new SectionCases(),
                        new FramingCases(),
                        new ChunkCases(),
                        new SyntaxCases(),
                        new ConnectionCases())
                .flatMap(list -> list.cases().stream())
                .toList();
    }

    /** Those of one of the ten rules. */
    static List<Case> ofRule(final int number) {
        return all().stream()
                .filter(test -> test.section().startsWith(RULE + number + ":"))
                .toList();
    }

    /** Those of none of the ten rules. */
    static List<Case> ofNoRule() {
        return all().stream().filter(test -> !test.section().startsWith(RULE)).toList();
    }
}
