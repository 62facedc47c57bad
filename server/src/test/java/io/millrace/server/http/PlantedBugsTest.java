package io.millrace.server.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tests see what they are there to see: with a bug planted in the parser they fail. The time limit only ends a hang. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PlantedBugsTest {
    private static final String CASES = "cases";
    private static final String BESIDE_NETTY = "besideNetty";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldNotice(final PlantedBug bug) throws IOException {
        final Mutant mutant = new Mutant(bug.file(), bug::plantedIn, folder);
        shouldFail(mutant, CASES);
        if (bug.seen() == PlantedBug.Seen.IN_CASES_AND_BESIDE_NETTY) {
            shouldFail(mutant, BESIDE_NETTY);
        }
    }

    @Test
    void shouldNoticeNothingWithoutABug() throws IOException, ReflectiveOperationException {
        final Mutant original = new Mutant("RequestParser", UnaryOperator.identity(), folder);
        original.watch(CASES, folder);
        original.watch(BESIDE_NETTY, folder);
    }

    /** As a test fails, or as a server breaks; not because the classes do not fit each other. */
    private void shouldFail(final Mutant mutant, final String check) {
        assertThatThrownBy(() -> mutant.watch(check, folder))
                .as(check)
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOfAny(AssertionError.class, RuntimeException.class);
    }
}
