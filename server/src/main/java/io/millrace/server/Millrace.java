package io.millrace.server;

import io.millrace.server.cli.MillraceCommand;

/** The program. */
public final class Millrace {
    private Millrace() {}

    /**
     * Runs the command line and ends the process with its status.
     *
     * @param arguments a command and its options
     */
    public static void main(final String[] arguments) {
        System.exit(MillraceCommand.execute(arguments, config -> new Server(config).run()));
    }
}
