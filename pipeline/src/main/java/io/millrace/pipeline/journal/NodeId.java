package io.millrace.pipeline.journal;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * The name under which a node's journals are known, kept in one small file.
 *
 * <p>A stream belongs to one journal file, and sequences never restart in it. So a node whose journals must begin anew
 * takes a new name: another random one, or, where the operator chose the name, that name with a number behind it.
 */
final class NodeId {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Path file;
    private final String chosen;

    /**
     * Makes the name of the node whose file is {@code file}.
     *
     * @param chosen what the operator named the node, or null
     */
    NodeId(final Path file, final String chosen) {
        this.file = file;
        this.chosen = chosen;
    }

    /** The name in use, if there is one and it is the operator's still. */
    Optional<String> current() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        final String name = Files.readString(file).strip();
        if (!VALID.matcher(name).matches() || (chosen != null && incarnation(name) < 0)) {
            return Optional.empty();
        }
        return Optional.of(name);
    }

    /** Takes a new name and keeps it. */
    String renew() throws IOException {
        final String name = chosen == null ? random() : nextIncarnation();
        final Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(unfinished, name + System.lineSeparator(), CREATE, TRUNCATE_EXISTING, WRITE, SYNC);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // A name that a loss of power took back could be given out again.
        DurableNames.force(file);
        return name;
    }

    private String nextIncarnation() throws IOException {
        final Optional<String> current = current();
        return current.isEmpty() ? chosen : chosen + '.' + (incarnation(current.get()) + 1);
    }

    /** 0 for the chosen name itself, n for {@code <name>.<n>}, -1 for any other. */
    private int incarnation(final String name) {
        if (name.equals(chosen)) {
            return 0;
        }
        final String prefix = chosen + '.';
        final String number = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        return number.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(number) : -1;
    }

    private static String random() {
        return String.format("%08x", ThreadLocalRandom.current().nextInt());
    }
}
