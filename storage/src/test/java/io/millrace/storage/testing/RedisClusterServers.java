package io.millrace.storage.testing;

import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Redis Cluster of real servers on loopback: masters, each with one replica, that fail over by themselves. */
public final class RedisClusterServers implements AutoCloseable {
    private static final int NODE_TIMEOUT_MILLIS = 1_500;

    private final Path folder;
    private final List<RedisProcess> masters = new ArrayList<>();
    private final List<RedisProcess> replicas = new ArrayList<>();

    private RedisClusterServers(final Path folder) {
        this.folder = folder;
    }

    /** Starts a cluster and waits until all its slots are served and all its replicas follow. */
    public static RedisClusterServers start(final int masters) throws Exception {
        final RedisClusterServers cluster = new RedisClusterServers(Files.createTempDirectory("millrace-cluster"));
        boolean started = false;
        try {
            for (int i = 0; i < masters; i++) {
                cluster.masters.add(cluster.startServer());
                cluster.replicas.add(cluster.startServer());
            }
            cluster.join();
            started = true;
            return cluster;
        } finally {
            if (!started) {
                cluster.close();
            }
        }
    }

    private RedisProcess startServer() throws Exception {
        return RedisProcess.start(
                folder,
                "cluster-enabled yes",
                "cluster-node-timeout " + NODE_TIMEOUT_MILLIS,
                "cluster-require-full-coverage no");
    }

    private void join() throws Exception {
        for (int i = 0; i < masters.size(); i++) {
            final int first = i * SlotHash.SLOT_COUNT / masters.size();
            final int end = (i + 1) * SlotHash.SLOT_COUNT / masters.size();
            masters.get(i).commands().clusterSetConfigEpoch(i + 1L);
            masters.get(i)
                    .commands()
                    .clusterAddSlots(IntStream.range(first, end).toArray());
        }
        for (final RedisProcess server : servers()) {
            masters.get(0).commands().clusterMeet("127.0.0.1", server.port());
        }
        final long count = servers().size();
        for (final RedisProcess server : servers()) {
            Await.until(
                    "every server knows the others",
                    () -> server.commands()
                                    .clusterNodes()
                                    .lines()
                                    .filter(line -> !line.contains("handshake"))
                                    .count()
                            == count);
        }
        for (int i = 0; i < masters.size(); i++) {
            replicas.get(i)
                    .commands()
                    .clusterReplicate(masters.get(i).commands().clusterMyId());
        }
        for (final RedisProcess server : servers()) {
            Await.until(
                    "the cluster is whole",
                    () -> server.commands().clusterInfo().contains("cluster_state:ok"));
        }
        for (final RedisProcess replica : replicas) {
            Await.until(
                    "the replica follows",
                    () -> replica.info("master_link_status").equals("up"));
        }
        // A master that knows of no replica tells none to clients, and none takes its place.
        for (final RedisProcess server : servers()) {
            Await.until(
                    "every server knows the replicas",
                    () -> server.commands()
                                    .clusterNodes()
                                    .lines()
                                    .filter(line -> line.contains("slave"))
                                    .count()
                            == replicas.size());
        }
    }

    /** Where the cluster is, as an address for the server. */
    public String uri() {
        return "redis-cluster://default:" + RedisProcess.PASSWORD.replace("/", "%2F") + '@'
                + servers().stream().map(RedisProcess::address).collect(Collectors.joining(","));
    }

    /** All of them, as they were at the start: masters, then replicas in the same order. */
    public List<RedisProcess> servers() {
        final List<RedisProcess> servers = new ArrayList<>(masters);
        servers.addAll(replicas);
        return servers;
    }

    /** Those that were masters at the start; the i-th has the i-th part of the slots. */
    public List<RedisProcess> masters() {
        return masters;
    }

    /** The replica, at the start, of each master. */
    public List<RedisProcess> replicas() {
        return replicas;
    }

    /** Which of the masters, at the start, has the key. */
    public int masterOf(final String key) {
        int master = 0;
        while (SlotHash.getSlot(key) >= (master + 1) * SlotHash.SLOT_COUNT / masters.size()) {
            master++;
        }
        return master;
    }

    /** Waits until the replica has taken its master's place. */
    public static void awaitMaster(final RedisProcess replica) throws Exception {
        Await.until("the replica is master", () -> replica.info("role").equals("master"));
    }

    @Override
    public void close() throws IOException {
        for (final RedisProcess server : servers()) {
            server.close();
        }
        TempFolders.delete(folder);
    }
}
