package io.millrace.storage.embedded.postgres;

import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.folder.DurableFiles;
import io.millrace.storage.embedded.folder.Passwords;
import io.millrace.storage.embedded.process.Orphans;
import io.millrace.storage.embedded.process.ServerCommand;
import io.millrace.storage.embedded.process.ServerLog;
import io.millrace.storage.embedded.process.StopSequence;
import io.millrace.storage.embedded.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of one embedded PostgreSQL: {@code postgres/} of the data folder, which only its owner may enter.
 *
 * <pre>
 *   lock, uri   see StoreFolder
 *   password    of the user millrace, generated
 *   port        where it listened last, taken again if it is free
 *   server.log  of this run and those before; server.log.1 is older
 *   cluster/    PostgreSQL's own data folder
 * </pre>
 */
final class PostgresCluster {
    static final String NAME = "postgres";
    /** Fast shutdown, then immediate, then by force. */
    static final StopSequence STOP_SEQUENCE = StopSequence.of(
            new StopSequence.Step("INT", Duration.ofSeconds(30)),
            new StopSequence.Step("QUIT", Duration.ofSeconds(10)),
            new StopSequence.Step("KILL", Duration.ofSeconds(10)));

    /**
     * How far it stands back when the processor is short, as nice(1) counts. A second's counts can wait a few milliseconds, and the
     * answers that arrive meanwhile cannot.
     */
    static final int NICENESS = 10;

    private final Path home;
    private final RunAs runAs;
    private final PostgresBinaries binaries;

    PostgresCluster(final Path home, final RunAs runAs, final PostgresBinaries binaries) {
        this.home = home;
        this.runAs = runAs;
        this.binaries = binaries;
    }

    Path data() {
        return home.resolve("cluster");
    }

    ServerLog log() {
        return new ServerLog(home.resolve("server.log"));
    }

    Path portFile() {
        return home.resolve("port");
    }

    /** What starts the server. The signal that it gets when this process dies asks for a fast shutdown. */
    ServerCommand command(final int port) {
        final List<String> line = new ArrayList<>(List.of(binaries.program(NAME), "-D", data().toString()));
        line.addAll(ServerParameters.arguments(port));
        final List<String> prefix = new ArrayList<>();
        Tools.find("nice").ifPresent(nice -> prefix.addAll(List.of(nice.toString(), "-n", "" + NICENESS)));
        prefix.addAll(runAs.prefix());
        return new ServerCommand(NAME, prefix, line, "INT", log().file());
    }

    /** Stops what a Millrace before this one left behind. The caller holds the folder, so nobody else owns it. */
    void stopOrphans() throws IOException, InterruptedException {
        new Orphans(NAME, data(), line -> line.get(0).endsWith("/" + NAME) && line.contains(data().toString()))
                .end(STOP_SEQUENCE);
        // PostgreSQL itself takes any live process of that number for a server, in a container its own tools even. That
        // the processes of a server have all ended it knows from its shared memory, which is found without this file.
        Files.deleteIfExists(PostmasterFile.path(data()));
    }

    /** The password of the user; generated when there is no cluster yet. */
    String password() throws IOException {
        final Path file = home.resolve("password");
        if (Files.exists(file)) {
            return Files.readString(file).trim();
        }
        if (Files.exists(data())) {
            throw new StartupException("the password file " + file + " is missing, but " + data()
                    + " has data: put the file back, or move the folder away to begin anew");
        }
        final String password = Passwords.generate();
        DurableFiles.writePrivate(file, password + "\n");
        return password;
    }

    /** Makes the data folder if there is none yet. It gets its name when it is complete. */
    void initialize(final String user) throws IOException, InterruptedException {
        if (Files.exists(data())) {
            return;
        }
        final Path draft = home.resolve("cluster.new");
        DurableFiles.delete(draft);
        runAs.own(home);
        runAs.own(home.resolve("password"));
        final Tools.Result result = Tools.run(runAs.command(List.of(
                binaries.program("initdb"),
                "--pgdata=" + draft,
                "--username=" + user,
                "--pwfile=" + home.resolve("password"),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--data-checksums",
                "--no-instructions")));
        if (!result.succeeded()) {
            throw new StartupException("initdb failed in " + home + ": "
                    + result.output().strip().replace('\n', ' ') + ": mend that, or give a server by --postgres");
        }
        DurableFiles.publish(draft, data());
    }
}
