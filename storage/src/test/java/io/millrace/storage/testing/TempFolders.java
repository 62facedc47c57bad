package io.millrace.storage.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that tests make and remove. */
public final class TempFolders {
    private TempFolders() {}

    public static void delete(final Path folder) throws IOException {
        final List<Path> children;
        try (Stream<Path> tree = Files.walk(folder)) {
            children = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (final Path child : children) {
            Files.delete(child);
        }
    }
}
