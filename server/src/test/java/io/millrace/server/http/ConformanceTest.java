package io.millrace.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests by the sections of RFC 9110 and 9112, but for those that {@link TenRulesTest} has. {@code ConformanceServerTest}
 * sends all of them to a running server.
 */
class ConformanceTest {
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

    @TestFactory
    Stream<DynamicContainer> shouldConformSectionBySection() {
        return run.tests(ConformanceCases.ofNoRule());
    }

    @Test
    void shouldHaveManyCasesEachOnce() {
        final List<Case> cases = ConformanceCases.all();
        assertThat(cases).hasSizeGreaterThan(600);
        assertThat(cases.stream().map(Case::toString)).doesNotHaveDuplicates();
    }
}
