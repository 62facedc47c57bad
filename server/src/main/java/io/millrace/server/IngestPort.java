package io.millrace.server;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.journal.Journals;
import io.millrace.server.admin.AckSource;
import io.millrace.server.admin.GaugeSource;
import io.millrace.server.admin.LatencySource;
import io.millrace.server.config.ServerConfig;
import io.millrace.server.decode.EventDecoder;
import io.millrace.server.decode.RejectionCode;
import io.millrace.server.ingest.IngestJournal;
import io.millrace.server.ingest.IngestLoop;
import io.millrace.server.ingest.IngestServer;
import io.millrace.server.ingest.IngestSettings;
import io.millrace.server.ingest.WriteKeys;
import io.millrace.server.reload.ReloadException;
import io.millrace.server.reload.Reloadable;
import io.millrace.server.reload.Reloads;
import io.millrace.server.tls.TlsException;
import io.millrace.server.tls.TlsFiles;
import io.millrace.server.tls.TlsIdentity;
import io.millrace.server.tls.TlsPort;
import io.millrace.storage.StartupException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ingest port with what its options make of it: journals, TLS, write keys, and the files of these that are read again.
 *
 * <p>Belongs to the main thread, but for what is read for metrics.
 */
final class IngestPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IngestPort.class);

    private final ServerConfig config;
    private final TlsPort tls;
    private final IngestServer server;
    private final Reloads reloads;

    /**
     * Makes the port; it does not listen yet.
     *
     * @throws StartupException if the certificate or its key cannot be used
     */
    IngestPort(final ServerConfig config, final Journals journals, final DataPath dataPath) {
        this.config = config;
        tls = config.tls().map(this::openTls).orElse(null);
        final List<IngestJournal> loops = new ArrayList<>();
        for (int loop = 0; loop < config.eventLoops(); loop++) {
            final Journal journal = journals.live().get(loop);
            loops.add(new IngestJournal(
                    journal.writer(),
                    journal.progress(),
                    dataPath.onCommitted(loop),
                    dataPath.onAwaited(loop),
                    journal.retryAfter(SystemNanoClock.INSTANCE)));
        }
        server = new IngestServer(
                config.ingest(),
                config.transport(),
                tls,
                loops,
                () -> new EventDecoder(maxEventAgeMillis(), IngestSettings.MAX_EVENT_AHEAD_MILLIS),
                SystemEpochClock.INSTANCE);
        reloads = new Reloads(reloadables());
    }

    private TlsPort openTls(final TlsFiles files) {
        try {
            final TlsIdentity identity = TlsIdentity.load(files);
            complain(identity);
            return new TlsPort(identity, config.ingest().limits().headerTimeMillis());
        } catch (final TlsException e) {
            throw new StartupException(e.getMessage(), e);
        }
    }

    private static void complain(final TlsIdentity identity) {
        identity.complaint(Instant.now())
                .ifPresent(complaint -> LOG.warn("--tls-cert: the certificate {}: clients will refuse it", complaint));
    }

    /** An event that would be dropped at once is not taken. */
    private long maxEventAgeMillis() {
        return config.retention()
                .map(retention -> Math.min(retention.toMillis(), IngestSettings.MAX_EVENT_AGE_MILLIS))
                .orElse(IngestSettings.MAX_EVENT_AGE_MILLIS);
    }

    private List<Reloadable> reloadables() {
        final List<Reloadable> reloadables = new ArrayList<>();
        config.tls()
                .ifPresent(files -> reloadables.add(
                        new Reloadable("the certificate and its key", files.all(), () -> reloadTls(files))));
        config.writeKeysFile()
                .ifPresent(file ->
                        reloadables.add(new Reloadable("the write keys", List.of(file), () -> reloadWriteKeys(file))));
        return reloadables;
    }

    private String reloadTls(final TlsFiles files) throws ReloadException {
        try {
            final TlsIdentity identity = TlsIdentity.load(files);
            complain(identity);
            tls.identity(identity);
            return identity.toString();
        } catch (final TlsException e) {
            throw new ReloadException(e.getMessage(), e);
        }
    }

    private String reloadWriteKeys(final Path file) throws ReloadException, InterruptedException {
        try {
            final WriteKeys keys = WriteKeys.read(file);
            server.writeKeys(keys);
            return keys.toString();
        } catch (final IOException e) {
            throw new ReloadException("--write-keys-file=" + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Listens.
     *
     * @return the address that the port got
     */
    InetSocketAddress listen() throws IOException, InterruptedException {
        final InetSocketAddress address;
        try {
            address = server.start(config.listen());
        } catch (final BindException e) {
            throw new StartupException(
                    "--listen: " + e.getMessage() + ": free the port, or give another --listen <host>:<port>", e);
        } catch (final IllegalStateException e) {
            throw new StartupException("--transport: " + e.getMessage(), e);
        }
        if (hasFiles()) {
            reloads.start();
        }
        return address;
    }

    /** Reads certificates and write keys again; false if there are none. Any thread. */
    boolean reload() {
        if (hasFiles()) {
            reloads.now();
        }
        return hasFiles();
    }

    private boolean hasFiles() {
        return config.tls().isPresent() || config.writeKeysFile().isPresent();
    }

    List<IngestLoop> loops() {
        return server.loops();
    }

    Reloads reloads() {
        return reloads;
    }

    /** How many events were rejected, by code. */
    Map<String, Long> rejected() {
        final Map<String, Long> rejected = new TreeMap<>();
        for (final IngestLoop loop : loops()) {
            for (final RejectionCode code : RejectionCode.values()) {
                final long events = loop.rejections().get(code);
                if (events > 0) {
                    rejected.merge(code.code(), events, Long::sum);
                }
            }
        }
        return rejected;
    }

    /** The replies that wait, for metrics. */
    List<AckSource> acks() {
        return Stream.of(AckLevel.DISK, AckLevel.STREAM, AckLevel.STORED)
                .map(level -> new AckSource(
                        level.word(),
                        () -> loops().stream()
                                .mapToLong(loop -> loop.waitingReplies(level))
                                .sum(),
                        loops().stream()
                                .map(loop -> (LatencySource) loop.ackWaitNanos(level)::getIntervalHistogram)
                                .toList()))
                .toList();
    }

    /** What rises and falls here, for metrics. */
    List<GaugeSource> gauges() {
        final List<GaugeSource> gauges = new ArrayList<>(List.of(
                new GaugeSource(
                        "millrace_ingest_body_memory_free_bytes",
                        "Bytes that unfinished requests and decompressed bodies may still take.",
                        server::freeBodyBytes),
                new GaugeSource(
                        "millrace_ingest_body_memory_capacity_bytes",
                        "Bytes that they may take in all.",
                        server::bodyBytesCapacity),
                new GaugeSource(
                        "millrace_reload_last_successful",
                        "1 if certificate and write keys are those of the files, 0 if a change of these could not be taken.",
                        () -> reloads.isAllTaken() ? 1 : 0)));
        Optional.ofNullable(tls)
                .ifPresent(port -> gauges.add(new GaugeSource(
                        "millrace_tls_certificate_expiry_timestamp_seconds",
                        "When the certificate in use ends to be valid, in seconds since 1970.",
                        () -> port.identity().notAfter().getEpochSecond())));
        return gauges;
    }

    /** Takes no more connections, and lets those that are open finish. */
    void drain(final long timeoutMillis) throws InterruptedException {
        reloads.close();
        server.stopAccepting();
        server.drain(timeoutMillis);
        server.close();
    }

    @Override
    public void close() {
        reloads.close();
        server.close();
    }
}
