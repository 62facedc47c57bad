package io.millrace.server.config;

import io.millrace.server.ingest.IngestSettings;
import io.millrace.server.ingest.Transport;
import io.millrace.server.tls.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * All that the server is told, validated. Immutable; prints no password.
 *
 * @param listen the ingest port; port 0 is any free one
 * @param admin the admin port
 * @param dataDir where everything is kept, absolute
 * @param redis the Redis to use; empty: an embedded one
 * @param redisWaitReplicas how many replicas of Redis must have an event before it counts as streamed
 * @param postgres the PostgreSQL to use, a JDBC URL; empty: an embedded one
 * @param role the stages to run
 * @param node the operator's name for this node; empty: a random one that is kept
 * @param eventLoops how many threads, and journals, take events in
 * @param transport how Netty talks to the kernel
 * @param journal the journals
 * @param window the size of a window; divides a day
 * @param flush how often counts are written
 * @param keep how long what PostgreSQL has stays in Redis, and in journals that have room
 * @param dedupWindow how long an event_id is remembered; zero: event_ids are ignored
 * @param retention how long a day is kept after its end; empty: for ever
 * @param startupTimeout how long to wait for Redis and PostgreSQL
 * @param shutdownTimeout how long draining may take
 * @param ingest what the ingest port lets in
 * @param tls the ingest port's certificate and key; empty: events come in the clear
 * @param writeKeysFile where the write keys were read from; empty: from no file
 * @param logFormat how the log is written
 * @param demo whether to send itself simulated events
 */
public record ServerConfig(
        InetSocketAddress listen,
        AdminConfig admin,
        Path dataDir,
        Optional<ConnectionUri> redis,
        int redisWaitReplicas,
        Optional<ConnectionUri> postgres,
        Role role,
        Optional<String> node,
        int eventLoops,
        Transport transport,
        JournalConfig journal,
        Duration window,
        Duration flush,
        Duration keep,
        Duration dedupWindow,
        Optional<Duration> retention,
        Duration startupTimeout,
        Duration shutdownTimeout,
        IngestSettings ingest,
        Optional<TlsFiles> tls,
        Optional<Path> writeKeysFile,
        LogFormat logFormat,
        boolean demo) {}
