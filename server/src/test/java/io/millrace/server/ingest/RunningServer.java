package io.millrace.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.AckLevel;
import io.millrace.server.http.IngestCounter;
import io.millrace.server.tls.TlsPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A server behind a real socket, with a real journal, and clocks that stand still until a test moves them. */
final class RunningServer implements AutoCloseable {
    /** Not a spin: on a machine that is short of processors the server needs this one. */
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final long AWAIT_SECONDS = 120;

    final ServerFixture fixture;
    final InetSocketAddress address;
    private final IngestServer server;

    RunningServer(final Path folder, final IngestSettings settings, final int journalBytes)
            throws IOException, InterruptedException {
        this(folder, settings, journalBytes, null);
    }

    /** The same, behind TLS. */
    RunningServer(final Path folder, final IngestSettings settings, final int journalBytes, final TlsPort tls)
            throws IOException, InterruptedException {
        fixture = new ServerFixture(folder, journalBytes);
        server = new IngestServer(
                settings,
                Transport.AUTO,
                tls,
                List.of(fixture.ingestJournal()),
                ServerFixture::decoder,
                fixture.epochClock,
                fixture.nanoClock);
        address = server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Sends all of it over one connection, and returns the replies. */
    String exchange(final String requests) throws IOException {
        try (Client client = new Client(address)) {
            return client.send(requests).endOutput().readAll();
        }
    }

    long accepted() {
        return fixture.journal.progress().accepted();
    }

    void awaitAccepted(final long events) {
        await(() -> accepted() >= events);
    }

    /** How many replies wait for an acknowledgement. */
    int waiting() {
        final IngestLoop loop = server.loops().get(0);
        return loop.waitingReplies(AckLevel.DISK)
                + loop.waitingReplies(AckLevel.STREAM)
                + loop.waitingReplies(AckLevel.STORED);
    }

    void awaitWaiting(final int replies) {
        await(() -> waiting() == replies);
    }

    /** The replies whose latency was recorded. */
    long repliesMeasured() {
        return server.loops().get(0).latencyNanos().getIntervalHistogram().getTotalCount();
    }

    boolean drain(final long timeoutMillis) throws InterruptedException {
        return server.drain(timeoutMillis);
    }

    long counter(final IngestCounter counter) {
        return server.loops().get(0).counters().get(counter);
    }

    long freeBodyBytes() {
        return server.freeBodyBytes();
    }

    void writeKeys(final WriteKeys keys) throws InterruptedException {
        server.writeKeys(keys);
    }

    void advance(final long millis) {
        fixture.nanoClock.advance(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    void awaitReceived(final long bytes) {
        await(() -> counter(IngestCounter.BYTES_RECEIVED) >= bytes);
    }

    static void await(final BooleanSupplier condition) {
        final long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(AWAIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadlineNanos).as("time waited").isNegative();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void close() {
        server.close();
        assertThat(server.freeBodyBytes()).as("what bodies took is given back").isEqualTo(server.bodyBytesCapacity());
        fixture.close();
    }
}
