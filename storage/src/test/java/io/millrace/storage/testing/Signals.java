package io.millrace.storage.testing;

import java.io.IOException;

/** Sends signals to processes that a test started. */
public final class Signals {
    private Signals() {}

    /**
     * Sends one signal.
     *
     * @param name without SIG: KILL, STOP, CONT
     */
    public static void send(final String name, final long pid) throws IOException, InterruptedException {
        final int status = new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + ' ' + pid)
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -s " + name + ' ' + pid + " ended with status " + status);
        }
    }
}
