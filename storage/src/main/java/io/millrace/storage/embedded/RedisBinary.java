package io.millrace.storage.embedded;

import io.millrace.storage.StartupException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The redis-server that is installed on this machine. */
final class RedisBinary {
    private static final String NAME = "redis-server";
    private static final String REMEDY = "run 'apt-get install " + NAME
            + "' (Debian, Ubuntu), or give a running server by --redis redis://host:port";
    private static final Pattern VERSION = Pattern.compile("\\bv=(\\d{1,4})\\.(\\d{1,4})");
    private static final int MIN_MAJOR = 6;
    private static final int MIN_MINOR = 2;

    private RedisBinary() {}

    /**
     * Finds redis-server and checks its version.
     *
     * @throws StartupException if there is none, or an old one
     */
    static Path locate() throws IOException, InterruptedException {
        return locate(searchPath());
    }

    static Path locate(final List<Path> folders) throws IOException, InterruptedException {
        final Path binary = find(NAME, folders)
                .orElseThrow(
                        () -> new StartupException(NAME + " is not installed (not in " + folders + "): " + REMEDY));
        final String version = versionOf(binary);
        final Matcher found = VERSION.matcher(version);
        if (!found.find() || !isSupported(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2)))) {
            throw new StartupException(binary + " is '" + version + "', but Redis " + MIN_MAJOR + '.' + MIN_MINOR
                    + " or later is needed: upgrade it, or give a running server by --redis redis://host:port");
        }
        return binary;
    }

    private static boolean isSupported(final int major, final int minor) {
        return major > MIN_MAJOR || (major == MIN_MAJOR && minor >= MIN_MINOR);
    }

    private static String versionOf(final Path binary) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(binary.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    /** A program of that name in the first folder that has it. */
    static Optional<Path> find(final String name, final List<Path> folders) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The folders of PATH, then those that a service's or a cron job's PATH may lack. */
    static List<Path> searchPath() {
        final Set<Path> folders = new LinkedHashSet<>();
        for (final String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            // A relative one, the empty one among them, would make it depend on where the server is started.
            if (folder.startsWith("/")) {
                folders.add(Path.of(folder));
            }
        }
        folders.addAll(List.of(Path.of("/usr/local/bin"), Path.of("/usr/bin"), Path.of("/bin")));
        return List.copyOf(folders);
    }
}
