package io.millrace.server.admin.profile;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import one.profiler.AsyncProfiler;
import one.profiler.AsyncProfilerLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * <a href="https://github.com/async-profiler/async-profiler">async-profiler</a> in this process. Its library is loaded by the first
 * profile and stays; between profiles it costs nothing. The graph is made in memory: no file is written. One caller at a time.
 */
public final class AsyncProfiling implements Profiler {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncProfiling.class);
    private static final String LIBRARY = "libasyncProfiler.so";

    private final Path folder;
    private AsyncProfiler profiler;

    /**
     * Does not load the library yet.
     *
     * @param folder to unpack it into, if it is not on {@code java.library.path}; made when it is needed
     */
    public AsyncProfiling(final Path folder) {
        this.folder = folder;
    }

    @Override
    public String flameGraph(final ProfileEvent event, final Duration length)
            throws ProfilerException, InterruptedException {
        if (profiler == null) {
            profiler = load();
        }
        try {
            LOG.info(
                    "taking a profile of {} for {} s, as was asked at the admin port",
                    start(event),
                    length.toSeconds());
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
            return profiler.execute("stop,flamegraph,threads,title=Millrace " + event.word());
        } catch (final IOException | IllegalStateException e) {
            throw ProfilerException.unavailable("async-profiler says: " + e.getMessage(), e);
        } catch (final InterruptedException e) {
            profiler.stop();
            throw e;
        }
    }

    /** Starts by the best engine that this process may use, and returns its name. */
    private String start(final ProfileEvent event) throws IOException {
        IllegalStateException refusal = null;
        for (final String engine : event.engines()) {
            try {
                profiler.execute("start,threads,event=" + engine);
                return engine;
            } catch (final IllegalStateException e) {
                LOG.debug("no profile by {}", engine, e);
                refusal = e;
            }
        }
        throw refusal;
    }

    private AsyncProfiler load() throws ProfilerException {
        try {
            return AsyncProfiler.getInstance(library().toString());
        } catch (final IOException | IllegalStateException | UnsatisfiedLinkError e) {
            throw ProfilerException.unavailable(
                    "async-profiler's library cannot be loaded: " + e.getMessage() + "; make " + folder
                            + " a folder that the server may write to and load libraries from, or have " + LIBRARY
                            + " on java.library.path",
                    e);
        }
    }

    private Path library() throws IOException, ProfilerException {
        // The image has it unpacked: its root is read-only.
        for (final String directory :
                System.getProperty("java.library.path", "").split(File.pathSeparator, -1)) {
            final Path file = Path.of(directory, LIBRARY);
            if (Files.isRegularFile(file)) {
                return file.toAbsolutePath();
            }
        }
        if (!AsyncProfilerLoader.isSupported()) {
            throw ProfilerException.unsupported();
        }
        Files.createDirectories(folder);
        AsyncProfilerLoader.setExtractionDirectory(folder);
        return AsyncProfilerLoader.getAsyncProfilerPath();
    }
}
