package io.millrace.server.admin.profile;

import java.time.Duration;

/** Samples this process, once at a time. */
@FunctionalInterface
public interface Profiler {
    /**
     * Samples for so long, on the caller's thread.
     *
     * @return a flame graph, a whole page of HTML
     * @throws ProfilerException if this system or this process does not let it
     * @throws InterruptedException if the caller is interrupted; it samples no more then
     */
    String flameGraph(ProfileEvent event, Duration length) throws ProfilerException, InterruptedException;
}
