package io.millrace.server.admin.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is sampled. */
public enum ProfileEvent {
    /** Where processors are busy. */
    CPU,
    /** Where memory is allocated. */
    ALLOC,
    /** Where threads are, whether they run or wait. */
    WALL,
    /** Where threads wait for one another. */
    LOCK;

    /** As requests, options and async-profiler itself say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Names that async-profiler has for it, the better first. Containers often forbid perf_event_open(2); timers go without, and do
     * not see into the kernel.
     */
    List<String> engines() {
        return this == CPU ? List.of("cpu", "ctimer", "itimer") : List.of(word());
    }

    static Optional<ProfileEvent> of(final String word) {
        return Arrays.stream(values())
                .filter(event -> event.word().equals(word))
                .findFirst();
    }
}
