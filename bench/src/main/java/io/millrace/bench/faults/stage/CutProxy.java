package io.millrace.bench.faults.stage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP relay on loopback whose connections can be cut at a chosen point of the exchange, or held up. Thread-safe; two threads a
 * connection.
 */
public final class CutProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final long STALL_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ServerSocket listener;
    private final int target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Cut> armed = new AtomicReference<>();
    private volatile boolean stalled;

    private CutProxy(final ServerSocket listener, final int target) {
        this.listener = listener;
        this.target = target;
    }

    /** Starts a relay to a port on loopback. */
    static CutProxy start(final int target) throws IOException {
        final CutProxy proxy = new CutProxy(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), target);
        run(proxy::accept, "proxy-" + target);
        return proxy;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Where in an exchange a connection is cut. */
    public enum Point {
        /** A request with the text is half sent. */
        WITHIN_REQUEST,
        /** A request with the text has arrived, and its reply is swallowed. */
        BEFORE_REPLY,
        /** A reply with the text is swallowed. */
        AT_REPLY
    }

    /** Cuts the next connection that comes to this point. */
    public void cut(final Point point, final String text) {
        armed.set(new Cut(point, text));
    }

    /** Whether the cut that was asked for has not been made yet. */
    public boolean isArmed() {
        return armed.get() != null;
    }

    /** Asks for no cut any more. */
    public void disarm() {
        armed.set(null);
    }

    /** Cuts all connections. */
    public void cutAll() {
        links.forEach(Link::close);
    }

    /** From now on what comes in is not passed on, as on a line that is dead and not closed; until it is undone. */
    public void stall(final boolean stalled) {
        this.stalled = stalled;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                final Socket client = listener.accept();
                final Link link = new Link(client);
                links.add(link);
                run(link::connect, "link-" + target);
            } catch (final IOException closed) {
                // Closed by us; anything else would show as a server that reaches no store.
                LockSupport.parkNanos(STALL_POLL_NANOS);
            }
        }
    }

    private static void run(final Runnable work, final String name) {
        final Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutAll();
    }

    private record Cut(Point point, String text) {
        boolean matches(final byte[] bytes, final int length) {
            return new String(bytes, 0, length, ISO_8859_1).contains(text);
        }
    }

    /** One connection through the relay. */
    private final class Link {
        private final Socket client;
        private final Socket server = new Socket();
        private volatile boolean swallow;

        Link(final Socket client) {
            this.client = client;
        }

        void connect() {
            try {
                client.setTcpNoDelay(true);
                server.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                server.setTcpNoDelay(true);
                run(() -> pump(server, client, this::onReply), "replies-" + target);
                pump(client, server, this::onRequest);
            } catch (final IOException unreachable) {
                close();
            }
        }

        private void pump(final Socket from, final Socket to, final Filter filter) {
            final byte[] buffer = new byte[BUFFER_BYTES];
            try {
                final InputStream in = from.getInputStream();
                final OutputStream out = to.getOutputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    while (stalled && !client.isClosed()) {
                        LockSupport.parkNanos(STALL_POLL_NANOS);
                    }
                    final int passed = filter.pass(buffer, length);
                    out.write(buffer, 0, passed);
                    if (passed < length) {
                        break;
                    }
                }
            } catch (final IOException broken) {
                // One end is gone: so goes the other.
            } finally {
                close();
            }
        }

        private int onRequest(final byte[] bytes, final int length) {
            final Cut cut = armed.get();
            if (cut == null
                    || cut.point() == Point.AT_REPLY
                    || !cut.matches(bytes, length)
                    || !armed.compareAndSet(cut, null)) {
                return length;
            }
            if (cut.point() == Point.WITHIN_REQUEST) {
                return length / 2;
            }
            swallow = true;
            return length;
        }

        private int onReply(final byte[] bytes, final int length) {
            final Cut cut = armed.get();
            final boolean due = cut != null
                    && cut.point() == Point.AT_REPLY
                    && cut.matches(bytes, length)
                    && armed.compareAndSet(cut, null);
            return swallow || due ? 0 : length;
        }

        void close() {
            links.remove(this);
            for (final Socket socket : new Socket[] {client, server}) {
                try {
                    // A reset, as from a machine that died, and not an orderly end.
                    socket.setSoLinger(true, 0);
                } catch (final IOException closed) {
                    continue;
                }
                try {
                    socket.close();
                } catch (final IOException e) {
                    throw new java.io.UncheckedIOException("a socket that cannot be closed", e);
                }
            }
        }
    }

    /** Decides how much of what came in is passed on; less than all of it cuts the connection. */
    @FunctionalInterface
    private interface Filter {
        int pass(byte[] bytes, int length);
    }
}
