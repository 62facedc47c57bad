package io.millrace.storage.embedded.redis;

import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.process.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
        return locate(Tools.searchPath());
    }

    static Path locate(final List<Path> folders) throws IOException, InterruptedException {
        final Path binary = Tools.find(NAME, folders)
                .orElseThrow(
                        () -> new StartupException(NAME + " is not installed (not in " + folders + "): " + REMEDY));
        final String version =
                Tools.run(List.of(binary.toString(), "--version")).output().strip();
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
}
