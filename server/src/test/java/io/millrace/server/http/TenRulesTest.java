package io.millrace.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The ten rules that parsers get wrong, a group of tests for each. What takes too long is in {@code LimitsTest}. */
class TenRulesTest {
    private static final int LEAST_CASES = 15;

    @TempDir
    static Path folder;

    private static ConformanceRun run;

    @BeforeAll
    static void open() {
        run = new ConformanceRun(folder);
    }

    @AfterAll
    static void close() {
        run.close();
    }

    private static Stream<DynamicContainer> rule(final int number) {
        final List<Case> cases = ConformanceCases.ofRule(number);
        assertThat(cases).hasSizeGreaterThan(LEAST_CASES);
        return run.tests(cases);
    }

    @TestFactory
    @DisplayName("1: Content-Length and Transfer-Encoding together")
    Stream<DynamicContainer> shouldRefuseTwoLengthsAtOnce() {
        return rule(1);
    }

    @TestFactory
    @DisplayName("2: Content-Length that is not 1*DIGIT on one line, or overflows")
    Stream<DynamicContainer> shouldTakeOnlyDigitsForContentLength() {
        return rule(2);
    }

    @TestFactory
    @DisplayName("3: Transfer-Encoding other than exactly chunked, or in HTTP/1.0")
    Stream<DynamicContainer> shouldTakeOnlyChunkedForTransferEncoding() {
        return rule(3);
    }

    @TestFactory
    @DisplayName("4: chunk sizes that are not 1*HEXDIG, overflow, or lack their CRLF")
    Stream<DynamicContainer> shouldTakeOnlyWholeChunks() {
        return rule(4);
    }

    @TestFactory
    @DisplayName("5: any line end but CRLF, bare CR and NUL anywhere")
    Stream<DynamicContainer> shouldTakeOnlyCrlfForTheEndOfALine() {
        return rule(5);
    }

    @TestFactory
    @DisplayName("6: space before the colon, obs-fold, a first line led by white space")
    Stream<DynamicContainer> shouldRefuseSpaceWhereItMisleads() {
        return rule(6);
    }

    @TestFactory
    @DisplayName("7: field names that are no tokens; SP and HTAB stripped around values")
    Stream<DynamicContainer> shouldTakeOnlyTokensForNames() {
        return rule(7);
    }

    @TestFactory
    @DisplayName("8: Host missing, doubled or invalid; absolute-form accepted")
    Stream<DynamicContainer> shouldAskForOneValidHost() {
        return rule(8);
    }

    @TestFactory
    @DisplayName("9: an unread body before the next request; nothing after close; no 2xx for a truncated body")
    Stream<DynamicContainer> shouldFindTheNextRequestOrNone() {
        return rule(9);
    }

    @TestFactory
    @DisplayName("10: a bound on everything")
    Stream<DynamicContainer> shouldBoundEverything() {
        return rule(10);
    }
}
