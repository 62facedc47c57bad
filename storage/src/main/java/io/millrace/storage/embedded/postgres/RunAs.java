package io.millrace.storage.embedded.postgres;

import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The user that a PostgreSQL runs as. It refuses to run as root, so root needs a way to be somebody else.
 *
 * <p>The first of these that works on the folder at hand is taken:
 *
 * <ol>
 *   <li>Not root: as the user itself.
 *   <li>Root, {@code unshare --user --map-user}: in a user namespace of its own, where root's files look like
 *       {@code nobody}'s and no capability is left. It needs no change of ownership and works in folders that only root can
 *       enter, such as a clone below {@code /root}.
 *   <li>Root, {@code setpriv --reuid}: as the owner of the folder, if that is not root (a clone in a user's home, started
 *       by sudo), else as {@code nobody}. This is for containers, whose default seccomp profile forbids user namespaces;
 *       the server's folder is then given to that user.
 * </ol>
 *
 * <p>A user without an entry in {@code /etc/passwd} (containers with a random uid) cannot run {@code initdb}; the namespace
 * helps there too.
 */
final class RunAs {
    private static final int ROOT = 0;
    /** {@code nobody}: initdb wants a user with a name. */
    private static final int NOBODY = 65534;

    private final List<String> prefix;
    private final int fileOwner;

    private RunAs(final List<String> prefix, final int fileOwner) {
        this.prefix = List.copyOf(prefix);
        this.fileOwner = fileOwner;
    }

    /** Chooses who will run the server whose files lie under {@code dataDir}, which exists. */
    static RunAs choose(final Path dataDir) throws IOException, InterruptedException {
        final int self = uid(Path.of("/proc/self"));
        final boolean named = !System.getProperty("user.name", "?").equals("?");
        if (self != ROOT && named) {
            return new RunAs(List.of(), self);
        }
        final Path parent = dataDir.toRealPath().getParent();
        for (final RunAs candidate : candidates(self, uid(parent == null ? dataDir : parent))) {
            if (candidate.canEnter(dataDir)) {
                return candidate;
            }
        }
        throw new StartupException("PostgreSQL does not run as root, and no other user can enter " + dataDir
                + ": start as a normal user, or give a --data-dir that others can enter (such as /var/lib/millrace),"
                + " or a server by --postgres");
    }

    private static List<RunAs> candidates(final int self, final int neighbour) {
        final List<RunAs> candidates = new ArrayList<>();
        Tools.find("unshare")
                .ifPresent(unshare -> candidates.add(new RunAs(
                        List.of(unshare.toString(), "--user", "--map-user=" + NOBODY, "--map-group=" + NOBODY, "--"),
                        self)));
        if (self == ROOT) {
            Tools.find("setpriv").ifPresent(setpriv -> {
                if (neighbour != ROOT) {
                    candidates.add(byUid(setpriv, neighbour));
                }
                candidates.add(byUid(setpriv, NOBODY));
            });
        }
        return candidates;
    }

    /** Another user altogether; only root, and only with the capabilities SETUID, SETGID, CHOWN and KILL, can do this. */
    static RunAs byUid(final Path setpriv, final int uid) {
        return new RunAs(List.of(setpriv.toString(), "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "--"), uid);
    }

    private static int uid(final Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }

    /** What goes before a command so that it runs as this user; empty if nothing is needed. */
    List<String> prefix() {
        return prefix;
    }

    List<String> command(final List<String> command) {
        return Stream.concat(prefix.stream(), command.stream()).toList();
    }

    /** Whether this user may enter the folder, and hence whether the way to become this user works at all. */
    boolean canEnter(final Path folder) throws IOException, InterruptedException {
        return Tools.run(command(List.of("/bin/sh", "-c", "cd \"$0\"", folder.toString())))
                .succeeded();
    }

    /** Gives a tree to this user, where a run before left it to another one; its root last, as the sign of completion. */
    void own(final Path root) throws IOException {
        if (uid(root) == fileOwner) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (final Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.setAttribute(path, "unix:uid", fileOwner, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }
}
