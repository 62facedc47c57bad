package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.javascript.jscomp.AbstractCommandLineRunner;
import com.google.javascript.jscomp.CompilationLevel;
import com.google.javascript.jscomp.Compiler;
import com.google.javascript.jscomp.CompilerOptions;
import com.google.javascript.jscomp.CompilerOptions.LanguageMode;
import com.google.javascript.jscomp.SourceFile;
import com.google.javascript.jscomp.WarningLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether the tracker that is served is what Closure Compiler makes of its source. */
class TrackerMinifierTest {
    private static final Path SOURCE = Path.of("src", "main", "js", "tracker.js");
    private static final Path MADE = Path.of("target", "tracker.min.js");
    private static final Path SERVED =
            Path.of("src", "main", "resources", "io", "millrace", "server", "ingest", "tracker.min.js");
    private static final int MAX_BYTES = 2048;

    @Test
    void shouldServeWhatTheSourceGives() throws IOException {
        final String made = minify(Files.readString(SOURCE));
        Files.createDirectories(MADE.getParent());
        Files.writeString(MADE, made);
        assertThat(new String(TrackerScript.PLAIN.bytes(), UTF_8))
                .as("after a change of the source: cp server/%s server/%s, and build again", MADE, SERVED)
                .isEqualTo(made);
    }

    @Test
    void shouldBeSmall() {
        assertThat(TrackerScript.GZIP.bytes().length).isLessThan(MAX_BYTES);
        assertThat(new String(TrackerScript.PLAIN.bytes(), UTF_8)).isPrintable();
    }

    private static String minify(final String source) throws IOException {
        final CompilerOptions options = new CompilerOptions();
        options.setLanguageIn(LanguageMode.ECMASCRIPT_2019);
        // Every browser with IntersectionObserver has it.
        options.setLanguageOut(LanguageMode.ECMASCRIPT_2015);
        options.setTrustedStrings(true);
        options.setLineLengthThreshold(Integer.MAX_VALUE);
        CompilationLevel.SIMPLE_OPTIMIZATIONS.setOptionsForCompilationLevel(options);
        WarningLevel.DEFAULT.setOptionsForWarningLevel(options);
        options.setCheckSymbols(true);
        final Compiler compiler = new Compiler(System.err);
        compiler.disableThreads();
        compiler.compile(
                AbstractCommandLineRunner.getBuiltinExterns(CompilerOptions.Environment.BROWSER),
                List.of(SourceFile.fromCode(SOURCE.toString(), source)),
                options);
        assertThat(compiler.getErrors()).isEmpty();
        assertThat(compiler.getWarnings()).isEmpty();
        return compiler.toSource();
    }
}
