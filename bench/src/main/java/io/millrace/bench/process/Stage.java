package io.millrace.bench.process;

import java.util.Arrays;
import java.util.regex.Pattern;

/** Who takes time of the processors: the stages of a server by the names of their threads, and the processes beside it. */
public enum Stage {
    EVENT_LOOP("event loop", "ingest-"),
    SHIPPER("shipper", "shipper-"),
    REDIS_CLIENT("redis client", "lettuce-"),
    AGGREGATOR("aggregator", "aggregator"),
    COMPILER("compiler", "C[12] Compiler"),
    COLLECTOR("collector", "GC Thread|G1 |ZWorker|ZDriver"),
    /** All other threads of the server, those that have ended included. */
    OTHER("other threads", "(?!)"),
    REDIS("Redis", "(?!)"),
    POSTGRES("PostgreSQL", "(?!)"),
    GENERATOR("generator", "(?!)");

    private final String label;
    /** How their names begin. */
    private final Pattern threads;

    Stage(final String label, final String threads) {
        this.label = label;
        this.threads = Pattern.compile(threads);
    }

    /** For people. */
    public String label() {
        return label;
    }

    /** Whether it is a part of the server's process. */
    public boolean inServer() {
        return compareTo(OTHER) <= 0;
    }

    /** Whose thread of the server it is, by its name as the kernel has it: cut after 15 bytes. */
    static Stage ofThread(final String name) {
        return Arrays.stream(values())
                .filter(stage -> stage.threads.matcher(name).lookingAt())
                .findFirst()
                .orElse(OTHER);
    }
}
