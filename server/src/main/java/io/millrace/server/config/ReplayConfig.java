package io.millrace.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * All that {@code millrace replay} is told, validated. Immutable; prints no key.
 *
 * @param file the lines to send; empty: standard input
 * @param target the ingest port, without a path
 * @param writeKey the key that each request carries
 * @param batchLines the most lines of a request
 * @param skipLines how many lines to leave out at the beginning
 * @param patience how long a server that cannot be reached, or has no room, is waited for
 */
public record ReplayConfig(
        Optional<Path> file, URI target, Optional<String> writeKey, int batchLines, int skipLines, Duration patience) {
    @Override
    public String toString() {
        return "ReplayConfig[file=" + file + ", target=" + target + ", batchLines=" + batchLines + ", skipLines="
                + skipLines + ", patience=" + patience + ']';
    }
}
