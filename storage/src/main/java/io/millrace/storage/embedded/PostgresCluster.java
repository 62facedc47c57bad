package io.millrace.storage.embedded;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one embedded PostgreSQL: {@code postgres/} of the data folder, which only its owner may enter.
 *
 * <pre>
 *   lock        held by the Millrace that runs this PostgreSQL
 *   password    of the user millrace, generated
 *   port        where it listened last, taken again if it is free
 *   server.log  of this run; server.log.1 of the run before
 *   cluster/    PostgreSQL's own data folder
 * </pre>
 */
final class PostgresCluster {
    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresCluster.class);
    private static final int PASSWORD_BYTES = 24;
    private static final List<ServerStop.Step> STOP_STEPS = List.of(
            new ServerStop.Step("INT", Duration.ofSeconds(30)),
            new ServerStop.Step("QUIT", Duration.ofSeconds(10)),
            new ServerStop.Step("KILL", Duration.ofSeconds(10)));

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

    Path log() {
        return home.resolve("server.log");
    }

    Path portFile() {
        return home.resolve("port");
    }

    RunAs runAs() {
        return runAs;
    }

    PostgresBinaries binaries() {
        return binaries;
    }

    /** Ends a server by fast shutdown, then immediate, then by force; tells whether it has ended. */
    static boolean stop(final ProcessHandle server) throws InterruptedException {
        return ServerStop.end(server, STOP_STEPS);
    }

    /** Stops a server that a Millrace before this one left behind. The caller holds the lock, so nobody else owns it. */
    void stopOrphan() throws IOException, InterruptedException {
        final Optional<PostmasterFile> file = PostmasterFile.read(data());
        if (file.isEmpty()) {
            return;
        }
        final Optional<ProcessHandle> orphan = file.get().liveServer(data());
        if (orphan.isPresent()) {
            LOGGER.warn(
                    "stopping the PostgreSQL (pid {}) that an earlier run left behind",
                    file.get().pid());
            if (!stop(orphan.get())) {
                throw new StartupException("the PostgreSQL that an earlier run left behind on " + data()
                        + " does not end: end process " + file.get().pid() + " by hand");
            }
        }
        // PostgreSQL itself takes any live process of that number for a server, in a container its own tools even.
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
        final byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        final String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Trees.writePrivate(file, password + "\n");
        return password;
    }

    /** Makes the data folder if there is none yet. It gets its name when it is complete. */
    void initialize(final String user) throws IOException {
        if (Files.exists(data())) {
            return;
        }
        final Path draft = home.resolve("cluster.new");
        Trees.delete(draft);
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
        Trees.publish(draft, data());
    }
}
