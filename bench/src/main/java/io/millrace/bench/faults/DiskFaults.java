package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Await;
import io.millrace.bench.faults.stage.NotRunException;
import io.millrace.bench.faults.stage.ServerProcess;
import io.millrace.bench.faults.stage.SmallDisk;
import io.millrace.bench.faults.stage.Stage;
import io.millrace.bench.faults.stage.StageException;
import io.millrace.storage.embedded.process.ChildProcess;
import io.millrace.storage.embedded.process.ServerCommand;
import io.millrace.storage.embedded.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Disks that are slow, that fail, and that have no room. */
final class DiskFaults {
    private static final Duration END = Duration.ofSeconds(20);
    private static final int TROUBLE_MILLIS = 20_000;
    /** What PostgreSQL says by SQLSTATE 53100, and so does the server. */
    private static final String NO_SPACE = "No space left on device";

    private DiskFaults() {}

    /** Redis forces its file each second only, and slowly; then it is killed: what it had confirmed may be gone. */
    static boolean killWithSlowDisk(final Stage stage) throws Exception {
        try (Tracer slow = Tracer.on(stage, stage.redis().pid(), "delay_enter=2000000")) {
            // strace tells of a call when it has ended.
            stage.pause(3500, 5000);
            final boolean bit = slow.works();
            final long before = stage.server().admin().troubles();
            stage.redis().kill();
            stage.redis().start();
            final boolean troubled = ServerFaults.troubled(stage, before, TROUBLE_MILLIS);
            stage.awaitServing();
            return bit && troubled;
        }
    }

    /** The owner's commits wait for the disk. */
    static boolean slowCommit(final Stage stage) throws Exception {
        for (final long pid : stage.postgres().ownerPids()) {
            try (Tracer slow = Tracer.on(stage, pid, "delay_enter=2000000")) {
                stage.pause(3000, 5000);
                stage.awaitServing();
                return slow.works();
            }
        }
        return false;
    }

    /** The disk refuses to force a commit: PostgreSQL panics and recovers. */
    static boolean failingCommit(final Stage stage) throws Exception {
        final long before = stage.server().admin().troubles();
        for (final long pid : stage.postgres().ownerPids()) {
            try (Tracer failing = Tracer.on(stage, pid, "error=EIO:when=1")) {
                final boolean bit = ServerFaults.troubled(stage, before, TROUBLE_MILLIS);
                Await.until("PostgreSQL answers", 60, stage.postgres()::answers);
                stage.awaitServing();
                stage.awaitCaughtUp();
                return bit && failing.works();
            }
        }
        return false;
    }

    /** PostgreSQL's disk has no block left, for its files and its log of transactions alike; then it has. */
    static boolean full(final Stage stage) throws Exception {
        final long before = stage.server().admin().troubles();
        final boolean bit;
        try {
            // Again and again: what a flush that failed gives back is taken too.
            bit = Await.within(TROUBLE_MILLIS, () -> {
                stage.disk().fill();
                return stage.server().hasLogged(NO_SPACE)
                        && stage.server().admin().troubles() > before;
            });
            stage.awaitServing();
            stage.disk().fill();
            stage.pause(1000, 4000);
        } finally {
            stage.disk().free();
        }
        Await.until("PostgreSQL answers", 60, stage.postgres()::answers);
        stage.awaitServing();
        stage.awaitCaughtUp();
        return bit;
    }

    /** There is less room for the journals than they want: the start is refused, and says so. */
    static boolean noRoomForJournals(final Stage stage) throws Exception {
        try (SmallDisk disk = SmallDisk.mount(stage.folder().resolve("tiny"), 8)) {
            final ServerProcess second =
                    stage.newServer("second", "--journal-dir=" + disk.folder().resolve("journal"));
            second.begin();
            if (second.awaitExit() == 0 || !second.output().contains("--journal-dir")) {
                throw new StageException("a start without room for its journals: " + second.output());
            }
            return true;
        }
    }

    /** An strace that changes what fdatasync does in one process. */
    private static final class Tracer implements AutoCloseable {
        private final ChildProcess strace;
        private final Path log;

        private Tracer(final ChildProcess strace, final Path log) {
            this.strace = strace;
            this.log = log;
        }

        static Tracer on(final Stage stage, final long pid, final String change) throws Exception {
            if (Tools.find("strace").isEmpty()) {
                throw new NotRunException("strace is missing");
            }
            final Path log = Files.createTempFile(stage.folder(), "strace", ".log");
            final List<String> line = new ArrayList<>(List.of("strace", "-f", "-p", Long.toString(pid)));
            line.addAll(List.of("-e", "trace=fdatasync", "-e", "inject=fdatasync:" + change));
            final Tracer tracer = new Tracer(
                    ChildProcess.start(new ServerCommand("strace", List.of(), line, "TERM", log), (id, status) -> {}),
                    log);
            if (!Await.within(TROUBLE_MILLIS, () -> tracer.said("attached") || !tracer.strace.isAlive())
                    || !tracer.strace.isAlive()) {
                throw new NotRunException(
                        "strace cannot attach: " + Files.readString(log).strip());
            }
            return tracer;
        }

        private boolean said(final String word) throws IOException {
            return Files.readString(log).contains(word);
        }

        /** Whether a call was changed. */
        boolean works() throws IOException {
            return said("(DELAYED)") || said("(INJECTED)");
        }

        @Override
        public void close() throws IOException {
            if (strace.isAlive()) {
                ProcessHandle.of(strace.pid()).ifPresent(ProcessHandle::destroy);
                try {
                    strace.awaitExit(END);
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
