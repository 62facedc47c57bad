package io.millrace.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What was built.
 *
 * @param version the release
 * @param commit the commit it was built from, with {@code -modified} if files were changed since; {@code unknown} if nobody told the build
 * @param jdk the version of the JDK that compiled it
 */
record Build(String version, String commit, String jdk) {
    static Build read() {
        final Properties properties = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            if (in == null) {
                throw new IllegalStateException("the jar has no build.properties: build it with Maven");
            }
            properties.load(in);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Build(
                properties.getProperty("version"), properties.getProperty("commit"), properties.getProperty("jdk"));
    }

    /** The lines that {@code --version} prints. */
    String[] lines() {
        return new String[] {
            "millrace " + version, "commit " + commit, "built with JDK " + jdk + ", runs on Java " + Runtime.version()
        };
    }
}
