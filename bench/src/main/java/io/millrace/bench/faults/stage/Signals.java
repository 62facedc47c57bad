package io.millrace.bench.faults.stage;

import io.millrace.storage.embedded.process.ChildProcess;
import io.millrace.storage.embedded.process.Tools;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Signals to processes that this one started. */
final class Signals {
    private static final Duration END = Duration.ofSeconds(20);

    private Signals() {}

    /** Sends a signal to a process, if it still lives. */
    static void send(final String signal, final long pid) throws IOException, InterruptedException {
        Tools.run(List.of("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(pid)));
    }

    /** Sends a signal to a process, then to all its children: none is made in between by one that is stopped first. */
    static void sendToTree(final String signal, final long pid) throws IOException, InterruptedException {
        send(signal, pid);
        for (final long child : children(pid)) {
            send(signal, child);
        }
    }

    /** SIGKILL for a process that is of no more use; waits for its end. */
    static void end(final ChildProcess process) throws IOException {
        try {
            send("KILL", process.pid());
            process.awaitExit(END);
        } catch (final InterruptedException e) {
            // It ends all the same, only nobody waits for it.
            Thread.currentThread().interrupt();
        }
    }

    private static List<Long> children(final long pid) {
        return ProcessHandle.of(pid)
                .map(ProcessHandle::descendants)
                .orElseGet(Stream::empty)
                .map(ProcessHandle::pid)
                .toList();
    }
}
