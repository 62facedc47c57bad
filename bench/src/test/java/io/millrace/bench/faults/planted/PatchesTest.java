package io.millrace.bench.faults.planted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.faults.stage.Launch;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each change still finds its place in the sources, and compiles. */
class PatchesTest {
    private static final Launch LAUNCH =
            Launch.plain(Path.of("..").toAbsolutePath().normalize());

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldMakeAServerThatDiesThere(final DeathPoint point) throws IOException {
        assertThat(point.launch(LAUNCH, folder, 1).patched()).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void shouldMakeAServerWithThatBug(final PlantedBug bug) throws IOException {
        assertThat(bug.launch(LAUNCH, folder).patched()).isPresent();
    }

    @Test
    void shouldRefuseAPlaceThatIsNotThere() {
        final Patch patch = Patch.in("pipeline", "pipeline/Progress", "no such text", "");
        assertThatThrownBy(() -> patch.apply(patch.source(LAUNCH.home()))).hasMessageContaining("no such text");
    }
}
