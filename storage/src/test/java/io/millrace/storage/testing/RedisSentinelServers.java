package io.millrace.storage.testing;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A master and a replica on loopback, and three Sentinels that want a password of their own and watch them. */
public final class RedisSentinelServers implements AutoCloseable {
    /** What the Sentinels call the master. */
    public static final String NAME = "mill";

    private static final int SENTINELS = 3;
    private static final String PASSWORD = RedisProcess.PASSWORD;

    private final Path folder;
    private final List<RedisProcess> sentinels = new ArrayList<>();
    private RedisProcess master;
    private RedisProcess replica;

    private RedisSentinelServers(final Path folder) {
        this.folder = folder;
    }

    /** Starts them and waits until the replica follows and each Sentinel knows it and the others. */
    public static RedisSentinelServers start() throws Exception {
        final RedisSentinelServers servers = new RedisSentinelServers(Files.createTempDirectory("millrace-sentinel"));
        boolean started = false;
        try {
            servers.startAll();
            started = true;
            return servers;
        } finally {
            if (!started) {
                servers.close();
            }
        }
    }

    private void startAll() throws Exception {
        master = RedisProcess.start(folder);
        replica = RedisProcess.start(folder, "replicaof 127.0.0.1 " + master.port());
        Await.until(
                "the replica follows", () -> replica.info("master_link_status").equals("up"));
        for (int i = 0; i < SENTINELS; i++) {
            sentinels.add(RedisProcess.startSentinel(
                    folder,
                    "sentinel sentinel-pass " + PASSWORD,
                    "sentinel monitor " + NAME + " 127.0.0.1 " + master.port() + " 2",
                    "sentinel auth-pass " + NAME + ' ' + PASSWORD,
                    "sentinel down-after-milliseconds " + NAME + " 1500",
                    "sentinel failover-timeout " + NAME + " 4000"));
        }
        for (final RedisProcess sentinel : sentinels) {
            Await.until(
                    "each Sentinel knows the replica and the others",
                    () -> sentinel.info("master0").contains("slaves=1,sentinels=" + SENTINELS));
        }
    }

    /** Where they are, as an address for the server. */
    public String uri() {
        return "redis-sentinel://default:" + encoded() + '@' + addresses() + "?sentinelPassword=" + encoded() + '#'
                + NAME;
    }

    /** The addresses of the Sentinels. */
    public String addresses() {
        return sentinels.stream().map(RedisProcess::address).collect(Collectors.joining(","));
    }

    /** The password as it stands in an address. */
    public static String encoded() {
        return PASSWORD.replace("/", "%2F");
    }

    public List<RedisProcess> sentinels() {
        return sentinels;
    }

    /** The master at the start. */
    public RedisProcess master() {
        return master;
    }

    /** The replica at the start. */
    public RedisProcess replica() {
        return replica;
    }

    /** Has the Sentinels give the replica its master's place, although the master lives. */
    public void failOver() {
        sentinels
                .get(0)
                .commands()
                .dispatch(
                        CommandType.SENTINEL,
                        new StatusOutput<>(StringCodec.UTF8),
                        new CommandArgs<>(StringCodec.UTF8).add("FAILOVER").add(NAME));
    }

    /** Waits until the replica has taken its master's place. */
    public void awaitFailover() throws Exception {
        Await.until("the replica is master", () -> replica.info("role").equals("master"));
    }

    @Override
    public void close() throws IOException {
        for (final RedisProcess sentinel : sentinels) {
            sentinel.close();
        }
        if (replica != null) {
            replica.close();
        }
        if (master != null) {
            master.close();
        }
        TempFolders.delete(folder);
    }
}
