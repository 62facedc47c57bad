package io.millrace.storage.embedded.postgres;

import java.util.List;
import java.util.stream.Stream;

/**
 * The <a href="https://www.postgresql.org/docs/current/runtime-config.html">parameters</a> that the embedded PostgreSQL runs
 * with. All of them are passed at each start, so a newer Millrace needs no edit of a file.
 *
 * <p>Durability is never traded: a watermark whose entries are trimmed from Redis must survive a power loss.
 */
final class ServerParameters {
    private static final List<String> PARAMETERS = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=40",
            "password_encryption=scram-sha-256",
            // Durability, said out loud although it is the default.
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            // Two cores and a share of the memory: the server and Redis live on the same machine.
            "shared_buffers=128MB",
            "temp_buffers=32MB",
            "work_mem=16MB",
            "maintenance_work_mem=64MB",
            "effective_cache_size=512MB",
            "max_worker_processes=4",
            "max_parallel_workers_per_gather=1",
            "autovacuum_max_workers=2",
            "random_page_cost=1.1",
            "jit=off",
            // A flush rewrites the same pages each second: few checkpoints mean few full page images.
            "checkpoint_timeout=15min",
            "max_wal_size=1GB",
            "min_wal_size=128MB",
            "wal_compression=on",
            "wal_level=minimal",
            "max_wal_senders=0",
            "timezone=UTC",
            "log_timezone=UTC",
            "log_destination=stderr",
            "logging_collector=off",
            "log_checkpoints=off",
            "log_line_prefix=%m [%p] ");

    private ServerParameters() {}

    /** The parameters as arguments of the server. */
    static List<String> arguments(final int port) {
        return Stream.concat(PARAMETERS.stream(), Stream.of("port=" + port))
                .flatMap(parameter -> Stream.of("-c", parameter))
                .toList();
    }
}
