package io.millrace.bench.faults.planted;

import io.millrace.bench.faults.stage.Launch;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles changed sources into a folder that goes before the server's jar. */
final class Patches {
    private Patches() {}

    /** The launch of a server with these changes; its classes go into the folder. */
    static Launch compile(final Launch launch, final Path folder, final List<Patch> patches, final String... properties)
            throws IOException {
        final Path classes = Files.createDirectories(folder.resolve("classes"));
        copyTrap(classes);
        compile(launch, classes, write(launch.home(), folder.resolve("sources"), patches));
        return launch.patched(classes, properties);
    }

    private static List<Path> write(final Path home, final Path folder, final List<Patch> patches) throws IOException {
        final Map<String, String> texts = new LinkedHashMap<>();
        for (final Patch patch : patches) {
            final String text = texts.containsKey(patch.file()) ? texts.get(patch.file()) : patch.source(home);
            texts.put(patch.file(), patch.apply(text));
        }
        final List<Path> files = new ArrayList<>();
        for (final Map.Entry<String, String> text : texts.entrySet()) {
            final Path file = folder.resolve(text.getKey());
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, text.getValue()));
        }
        return files;
    }

    private static void compile(final Launch launch, final Path classes, final List<Path> files) throws IOException {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final StringWriter words = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            final List<String> options = List.of(
                    "-d", classes.toString(), "-cp", classes + java.io.File.pathSeparator + launch.jar(), "-proc:none");
            if (!compiler.getTask(words, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call()) {
                throw new IOException("a changed source does not compile: " + words);
            }
        }
    }

    private static void copyTrap(final Path classes) throws IOException {
        final String name = Trap.class.getName().replace('.', '/') + ".class";
        final Path target = classes.resolve(name);
        Files.createDirectories(target.getParent());
        try (InputStream in = Trap.class.getClassLoader().getResourceAsStream(name)) {
            Files.write(target, in.readAllBytes());
        }
    }
}
