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
        // Netty watches one buffer in 128 by default, at the price of an object for every buffer. The tests watch all.
        System.getProperties().putIfAbsent("io.netty.leakDetection.level", "disabled");
        // TLS 1.2 lets a client ask for a new handshake whenever it likes: work for the server at no cost to the
        // client.
        System.getProperties().putIfAbsent("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        System.exit(MillraceCommand.execute(arguments, config -> {
            Logs.use(config.logFormat());
            return new Server(config).run();
        }));
    }
}
