package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Await;
import io.millrace.bench.faults.stage.ServerProcess;
import io.millrace.bench.faults.stage.Stage;
import io.millrace.bench.faults.stage.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Journals that would number events as others have been numbered already. */
final class StaleFaults {
    private static final int LOOPS = 2;
    private static final int REFUSED_SECONDS = 30;
    private static final int CONNECTIONS = 8;
    private static final int UNAVAILABLE = 503;
    private static final String REFUSES = "No event is taken, shipped or freed";

    private StaleFaults() {}

    /** Journals of before in place of those of now: they take no event. With those of now the server goes on. */
    static boolean older(final Stage stage) throws Exception {
        final Path journals = stage.dataDir().resolve("journal");
        final Path older = Files.createTempDirectory(stage.folder(), "older-");
        final Path now = Files.createTempDirectory(stage.folder(), "now-");
        stage.server().kill();
        copy(journals, older);
        ServerFaults.startAgain(stage);
        stage.pause(500, 1500);
        stage.server().kill();
        copy(journals, now);
        copy(older, journals);
        // At ports of its own: the load finds nobody.
        final ServerProcess stale = stage.newServer("data");
        stale.start();
        final boolean refused = awaitRefusal(stale);
        stale.kill();
        copy(now, journals);
        ServerFaults.startAgain(stage);
        return refused;
    }

    /** Waits until all of its journals are refused; they take no event then. */
    private static boolean awaitRefusal(final ServerProcess server) throws Exception {
        final boolean refused = Await.within(
                REFUSED_SECONDS * 1000L,
                () -> server.output().split(REFUSES, -1).length > LOOPS
                        && server.admin().get("/readyz").contains("stream_refused"));
        for (int i = 0; refused && i < CONNECTIONS; i++) {
            final int status = server.statusOf("/pixel.gif?u=nobody&a=view&e=refused");
            if (status != UNAVAILABLE) {
                throw new StageException("an event was answered by " + status + " by a journal that is refused");
            }
        }
        return refused;
    }

    private static void copy(final Path from, final Path to) throws IOException {
        final List<Path> files;
        try (Stream<Path> listed = Files.list(from)) {
            files = listed.toList();
        }
        for (final Path file : files) {
            Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Another node of the same name, with a data folder of its own: it takes no event, and the first one goes on. */
    static boolean sameName(final Stage stage) throws Exception {
        final String stream = stage.redis().streams().get(0);
        final String node = stream.substring(stream.indexOf('{') + 1, stream.lastIndexOf('-'));
        final ServerProcess other = stage.newServer("other", "--role=ingest", "--node=" + node);
        other.start();
        final boolean refused = awaitRefusal(other);
        other.kill();
        stage.awaitServing();
        stage.awaitCaughtUp();
        return refused;
    }
}
