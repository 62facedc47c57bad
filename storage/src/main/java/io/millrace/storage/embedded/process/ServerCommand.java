package io.millrace.storage.embedded.process;

import java.nio.file.Path;
import java.util.List;

/**
 * What starts a server as a child.
 *
 * @param name of the server, for messages and its thread
 * @param prefix runs the rest, as another user or with less priority; empty if nothing is needed
 * @param line the server and its arguments
 * @param deathSignal what the child gets when this process dies: the name of a signal that stops it cleanly, without SIG
 * @param log where its output is appended
 */
public record ServerCommand(String name, List<String> prefix, List<String> line, String deathSignal, Path log) {
    /** Takes copies of the lists. */
    public ServerCommand {
        prefix = List.copyOf(prefix);
        line = List.copyOf(line);
    }
}
