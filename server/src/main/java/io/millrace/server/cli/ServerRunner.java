package io.millrace.server.cli;

import io.millrace.server.config.ServerConfig;

/** Runs a server from its start to its end. */
@FunctionalInterface
public interface ServerRunner {
    /**
     * Runs a server.
     *
     * @return the exit status of the process
     * @throws io.millrace.storage.StartupException if it cannot start: status 2, its message on stderr, no stack trace
     * @throws io.millrace.server.config.ConfigException likewise
     */
    int run(ServerConfig config) throws Exception;
}
