package io.millrace.storage.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands between a store and PostgreSQL and loses the reply to one COMMIT: it lets the COMMIT through, waits until the
 * server has answered, and cuts the connection instead of passing the answer on. The COMMIT is what the client sends after
 * the server has answered the statement that names {@code day_totals}. Later connections pass untouched.
 */
final class LostReplyProxy implements AutoCloseable {
    private enum State {
        PASSING,
        STATEMENT_SENT,
        STATEMENT_ANSWERED,
        COMMIT_SENT,
        CUT
    }

    private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final InetSocketAddress server;
    private volatile State state = State.PASSING;

    LostReplyProxy(final InetSocketAddress server) throws IOException {
        this.server = server;
        executor.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    boolean hasCut() {
        return state == State.CUT;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        executor.shutdownNow();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                final Socket client = listener.accept();
                final Socket upstream = new Socket(server.getAddress(), server.getPort());
                executor.execute(() -> pump(client, upstream, true));
                executor.execute(() -> pump(upstream, client, false));
            } catch (final IOException e) {
                return; // closed, or the server is gone: the store will see it
            }
        }
    }

    private void pump(final Socket from, final Socket to, final boolean fromClient) {
        try (from;
                to) {
            final InputStream in = from.getInputStream();
            final OutputStream out = to.getOutputStream();
            final byte[] chunk = new byte[1 << 16];
            for (int length = in.read(chunk); length > 0; length = in.read(chunk)) {
                if (fromClient) {
                    onRequest(new String(chunk, 0, length, ISO_8859_1));
                } else if (state == State.STATEMENT_SENT) {
                    state = State.STATEMENT_ANSWERED;
                } else if (state == State.COMMIT_SENT) {
                    state = State.CUT;
                    return;
                }
                out.write(chunk, 0, length);
            }
        } catch (final IOException e) {
            return; // the other direction has closed both
        }
    }

    private void onRequest(final String request) {
        if (state == State.PASSING && request.contains("INSERT INTO day_totals")) {
            state = State.STATEMENT_SENT;
        } else if (state == State.STATEMENT_ANSWERED) {
            state = State.COMMIT_SENT;
        }
    }
}
