package io.millrace.bench.faults.planted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A change of a source.
 *
 * @param file below the launcher's folder
 * @param place what is replaced; it must be there once, or, if it ends a list of places, the last one of them
 * @param change what stands there instead
 */
record Patch(String file, String place, String change) {
    private static final String SOURCES = "/src/main/java/io/millrace/";

    /** In a source of a module, named from the package io.millrace on. */
    static Patch in(final String module, final String file, final String place, final String change) {
        return new Patch(module + SOURCES + file + ".java", place, change);
    }

    /** A source that is compiled again as it is: it has a constant of another one compiled into it. */
    static Patch none(final String module, final String file) {
        final String name = "class " + file.substring(file.lastIndexOf('/') + 1);
        return in(module, file, name, name);
    }

    /** The changed text of a source. @throws IOException if the place is not there, or not once */
    String apply(final String text) throws IOException {
        final int at = text.indexOf(place);
        if (at < 0 || text.indexOf(place, at + 1) >= 0) {
            throw new IOException(file + ": '" + place + "' does not stand there exactly once");
        }
        return text.substring(0, at) + change + text.substring(at + place.length());
    }

    /** The text of the source as it is. */
    String source(final Path home) throws IOException {
        return Files.readString(home.resolve(file));
    }
}
