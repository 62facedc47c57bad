package io.millrace.server.http;

import java.nio.file.Path;

/** Looks for bugs as the tests do. Called in the class loader of a {@link Mutant}. */
final class Watch {
    private static final long SEED = 1;
    private static final int REQUESTS = 40_000;

    private final Path folder;

    Watch(final Path folder) {
        this.folder = folder;
    }

    /** Fails on the first case of conformance that is answered otherwise. */
    void cases() {
        try (ConformanceRun run = new ConformanceRun(folder)) {
            // Most bugs are seen in no time this way.
            ConformanceCases.all().forEach(run::shouldReplyWhole);
            ConformanceCases.all().forEach(run::shouldReplyTheSameHoweverSplit);
        }
    }

    /** Fails on the first request that is read otherwise than Netty does and than the list of reasons allows. */
    void besideNetty() {
        new NettyAgreement().check(new MutatedRequests(SEED), REQUESTS);
    }
}
