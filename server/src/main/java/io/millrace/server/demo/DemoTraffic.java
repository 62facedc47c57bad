package io.millrace.server.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts {@link DemoEvents} to the ingest port of its own server until it is closed. When the port does not take them it waits
 * a while, says so once, and what would have happened meanwhile does not happen.
 */
public final class DemoTraffic implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoTraffic.class);
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int ACCEPTED = 202;

    private final URL events;
    private final DemoEvents source = new DemoEvents(new Random());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "demo");
    private boolean failing;

    /** Makes the traffic; it does not flow yet. */
    public DemoTraffic(final InetSocketAddress ingest) throws IOException {
        final InetAddress address =
                ingest.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : ingest.getAddress();
        final String host = address.getHostAddress();
        events = URI.create(
                        "http://" + (host.contains(":") ? '[' + host + ']' : host) + ':' + ingest.getPort() + "/events")
                .toURL();
        thread.setDaemon(true);
    }

    /** Lets it flow. */
    public void start() {
        thread.start();
    }

    /** Ends it; waits for a request under way, at most for its timeouts. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(2L * TIMEOUT_MILLIS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed.await(pause().toMillis(), TimeUnit.MILLISECONDS)) {
                post(source.count(Instant.now(), INTERVAL));
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause() {
        return failing ? PAUSE_AFTER_FAILURE : INTERVAL;
    }

    private void post(final int count) {
        if (count == 0) {
            return;
        }
        try {
            final int status = exchange(source.body(count).getBytes(UTF_8));
            if (status == ACCEPTED) {
                failing = false;
            } else {
                failed("status " + status);
            }
        } catch (final IOException e) {
            failed(e.toString());
        }
    }

    private int exchange(final byte[] body) throws IOException {
        final HttpURLConnection connection = (HttpURLConnection) events.openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        final int status = connection.getResponseCode();
        // A reply that is read to its end leaves the connection to the next request.
        final InputStream reply = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        if (reply != null) {
            reply.readAllBytes();
            reply.close();
        }
        return status;
    }

    private void failed(final String why) {
        if (!failing) {
            LOG.warn(
                    "the demo's events are not taken ({}); trying again every {} s",
                    why,
                    PAUSE_AFTER_FAILURE.toSeconds());
        }
        failing = true;
    }
}
