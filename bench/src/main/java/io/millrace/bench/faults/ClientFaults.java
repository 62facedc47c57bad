package io.millrace.bench.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.bench.faults.stage.Await;
import io.millrace.bench.faults.stage.NotRunException;
import io.millrace.bench.faults.stage.Stage;
import io.millrace.bench.faults.stage.StageException;
import io.millrace.storage.embedded.process.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Clients that misbehave, while others must be served. */
final class ClientFaults {
    /** Counters of connections that were ended. */
    static final String REQUEST_TIMEOUTS = "millrace_ingest_request_timeouts";

    static final String IDLE_TIMEOUTS = "millrace_ingest_idle_timeouts";

    private static final int LIMIT_MILLIS = 20_000;
    private static final int STANDSTILL_MILLIS = 1_000;
    private static final int BUFFER_BYTES = 4096;
    private static final int SPARE_FILES = 4;
    private static final int MANY_FILES = 4096;
    private static final String POST =
            "POST /events HTTP/1.1\r\nHost: faults\r\nContent-Type: application/x-ndjson\r\n";

    private ClientFaults() {}

    /**
     * Connections that have sent so much of a request and send no more: the server ends each.
     *
     * @param counter by which the server says that it did
     */
    static Fault silence(final int connections, final String beginning, final String counter) {
        return stage -> {
            final long before = stage.server().admin().counters(counter);
            try (Sockets sockets = Sockets.open(stage, connections)) {
                sockets.send(beginning);
                stage.awaitServing();
                final int ended = sockets.ended(LIMIT_MILLIS);
                if (ended < connections) {
                    throw new StageException((connections - ended) + " silent connections were not ended");
                }
                stage.awaitServing();
                return stage.server().admin().counters(counter) - before >= connections;
            }
        };
    }

    /** A header and the beginning of a body that never ends. */
    static String unfinishedBody() {
        return POST + "Content-Length: 1000\r\n\r\n{\"user_id\":";
    }

    /** Connections that never send anything, and are left in peace for a while. */
    static Fault idle(final int connections) {
        return stage -> {
            try (Sockets sockets = Sockets.open(stage, connections)) {
                stage.awaitServing();
                stage.pause(500, 1500);
                stage.awaitServing();
                return stage.server().admin().connections() >= sockets.size();
            }
        };
    }

    /** A client that asks and asks, and never reads an answer. */
    static boolean neverReads(final Stage stage) throws Exception {
        try (Sockets sockets = Sockets.open(stage, 10)) {
            sockets.sendUntilRefused("GET /tracker.js HTTP/1.1\r\nHost: faults\r\n\r\n".repeat(50));
            // Nothing more is read from them, as nothing more can be written to them, or they are ended.
            final boolean bit = Await.within(LIMIT_MILLIS, sockets::areRefused);
            stage.awaitServing();
            return bit;
        }
    }

    /** Bodies far above the limit, announced and begun: refused before they are read. */
    static Fault hugeBodies(final int connections) {
        return stage -> {
            try (Sockets sockets = Sockets.open(stage, connections)) {
                sockets.send(POST + "Content-Length: 52428800\r\n\r\n{\"user_id\":1}");
                final int refused = sockets.answered("HTTP/1.1 413");
                stage.awaitServing();
                if (refused < connections) {
                    throw new StageException((connections - refused) + " of " + connections + " got no 413");
                }
                return true;
            }
        };
    }

    /** No file descriptors are left for a while: it serves again when there are. */
    static boolean noDescriptors(final Stage stage) throws Exception {
        if (Tools.find("prlimit").isEmpty()) {
            throw new NotRunException("prlimit (of util-linux) is missing");
        }
        final long pid = stage.server().pid();
        final long open = openFiles(pid);
        limit(pid, open + SPARE_FILES);
        final boolean reached;
        try (Sockets waiting = Sockets.open(stage, 10 * SPARE_FILES)) {
            reached = Await.within(LIMIT_MILLIS, () -> openFiles(pid) >= open + SPARE_FILES - 1);
            waiting.send("GET");
            stage.awaitServing();
        } finally {
            limit(pid, MANY_FILES);
        }
        stage.awaitServing();
        return reached;
    }

    private static long openFiles(final long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return files.count();
        }
    }

    private static void limit(final long pid, final long files) throws Exception {
        final Tools.Result result =
                Tools.run(List.of("prlimit", "--nofile=" + files + ":", "--pid", Long.toString(pid)));
        if (!result.succeeded()) {
            throw new StageException("prlimit: " + result.output());
        }
    }

    /** Connections to the server of a stage. */
    private static final class Sockets implements AutoCloseable {
        private final List<Socket> sockets = new ArrayList<>();
        private final Map<Socket, Long> written = new ConcurrentHashMap<>();

        static Sockets open(final Stage stage, final int count) throws IOException {
            final Sockets opened = new Sockets();
            boolean complete = false;
            try {
                for (int i = 0; i < count; i++) {
                    final Socket socket = new Socket();
                    opened.sockets.add(socket);
                    socket.connect(stage.server().ingest(), LIMIT_MILLIS);
                }
                complete = true;
                return opened;
            } finally {
                if (!complete) {
                    opened.close();
                }
            }
        }

        int size() {
            return sockets.size();
        }

        void send(final String text) throws IOException {
            for (final Socket socket : sockets) {
                socket.getOutputStream().write(text.getBytes(US_ASCII));
            }
        }

        /** Writes until the server takes no more, or ends the connection. */
        void sendUntilRefused(final String text) throws IOException {
            final byte[] bytes = text.getBytes(US_ASCII);
            for (final Socket socket : sockets) {
                final Thread writer = new Thread(() -> writeAll(socket, bytes), "never-reads");
                writer.setDaemon(true);
                writer.start();
            }
        }

        private void writeAll(final Socket socket, final byte[] bytes) {
            try {
                while (true) {
                    socket.getOutputStream().write(bytes);
                    written.merge(socket, 1L, Long::sum);
                }
            } catch (final IOException ended) {
                // By the server, or by the end of the round.
            }
        }

        /** Whether something was taken of each, and nothing any more. */
        boolean areRefused() {
            final Map<Socket, Long> before = Map.copyOf(written);
            Await.millis(STANDSTILL_MILLIS);
            return before.size() == sockets.size() && before.equals(written);
        }

        /** How many the server ends within the limit. */
        int ended(final int limitMillis) throws IOException {
            int ended = 0;
            final long deadlineNanos = System.nanoTime() + limitMillis * 1_000_000L;
            for (final Socket socket : sockets) {
                socket.setSoTimeout((int) Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000));
                ended += reads(socket).endsWith("\0") ? 1 : 0;
            }
            return ended;
        }

        /** How many answers begin so. */
        int answered(final String beginning) throws IOException {
            int answered = 0;
            for (final Socket socket : sockets) {
                socket.setSoTimeout(LIMIT_MILLIS);
                final byte[] bytes = socket.getInputStream().readNBytes(beginning.length());
                answered += new String(bytes, US_ASCII).equals(beginning) ? 1 : 0;
            }
            return answered;
        }

        /** All that comes; a zero at the end stands for the end of the connection. */
        private static String reads(final Socket socket) throws IOException {
            final StringBuilder text = new StringBuilder();
            final InputStream in = socket.getInputStream();
            final byte[] buffer = new byte[BUFFER_BYTES];
            try {
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    text.append(new String(buffer, 0, length, US_ASCII));
                }
            } catch (final SocketTimeoutException stillOpen) {
                return text.toString();
            } catch (final IOException reset) {
                return text.append('\0').toString();
            }
            return text.append('\0').toString();
        }

        @Override
        public void close() throws IOException {
            for (final Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
