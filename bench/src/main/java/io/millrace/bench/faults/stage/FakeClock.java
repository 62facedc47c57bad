package io.millrace.bench.faults.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A wall clock that can be put forward and back while processes read it: libfaketime, which Debian has in its package faketime.
 * What they measure time by, CLOCK_MONOTONIC, goes on as it is. For one thread.
 */
public final class FakeClock {
    private static final Path LIBRARIES = Path.of("/usr/lib");
    /** That of redis-server, jemalloc, asks for the time before libfaketime is ready to tell it. */
    private static final String MALLOC = "libc.so.6";

    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

    private final Path library;
    private final Path file;

    private FakeClock(final Path library, final Path file) {
        this.library = library;
        this.file = file;
    }

    /** A clock that is right, for now; its file goes into the folder. @throws NotRunException if there is no libfaketime */
    public static FakeClock in(final Path folder) throws IOException, NotRunException {
        final FakeClock clock = new FakeClock(library(), folder.resolve("clock"));
        clock.set(Duration.ZERO);
        return clock;
    }

    private static Path library() throws IOException, NotRunException {
        try (Stream<Path> folders = Files.list(LIBRARIES)) {
            return folders.map(folder -> folder.resolve(LIBRARY))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new NotRunException(
                            "libfaketime is missing: apt-get install -y faketime, or as it is called"));
        }
    }

    /** Puts it so far ahead of what it should be, or behind if that is negative: processes look at it once a second. */
    public void set(final Duration ahead) throws IOException {
        final Path next =
                Files.writeString(file.resolveSibling("clock.next"), String.format("%+d%n", ahead.toSeconds()));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Before the command line of a process that is to go by it. */
    public List<String> prefix() {
        return List.of(
                "env",
                "LD_PRELOAD=" + library + ':' + MALLOC,
                "FAKETIME_TIMESTAMP_FILE=" + file,
                "FAKETIME_CACHE_DURATION=1",
                "DONT_FAKE_MONOTONIC=1");
    }
}
