package io.millrace.bench.faults.stage;

import io.millrace.bench.load.AckLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a stage is set up.
 *
 * @param serverOptions of the server, beside those that say where all is
 * @param redisSettings of redis-server, beside the usual ones
 * @param wiring how the server reaches its stores
 * @param ack what each request asks for; empty: the server's default
 * @param load how much of it: 1 is about 400 events a second
 * @param diskMebibytes of a disk on which a PostgreSQL of its own lies; 0: it uses the one of all rows
 * @param roles whether one process does it all
 */
public record StageShape(
        List<String> serverOptions,
        List<String> redisSettings,
        Wiring wiring,
        Optional<AckLevel> ack,
        double load,
        int diskMebibytes,
        Roles roles) {
    /** How a server reaches its stores. */
    public enum Wiring {
        DIRECT,
        /** Through a relay that can cut. */
        PROXIED
    }

    /** Which processes there are. */
    public enum Roles {
        /** One server with all roles. */
        ALL,
        /** A node that takes events in, and an aggregator. */
        APART
    }

    /** Nothing out of the ordinary. */
    public static final StageShape PLAIN =
            new StageShape(List.of(), List.of(), Wiring.DIRECT, Optional.empty(), 1, 0, Roles.ALL);

    /** With relays between the server and its stores. */
    public static final StageShape PROXIED =
            new StageShape(List.of(), List.of(), Wiring.PROXIED, Optional.empty(), 1, 0, Roles.ALL);

    public StageShape withAck(final AckLevel level) {
        return new StageShape(serverOptions, redisSettings, wiring, Optional.of(level), load, diskMebibytes, roles);
    }

    /** What there is of it before the load comes. */
    public StageShape withoutAck() {
        return new StageShape(serverOptions, redisSettings, wiring, Optional.empty(), load, diskMebibytes, roles);
    }

    public StageShape withLoad(final double factor) {
        return new StageShape(serverOptions, redisSettings, wiring, ack, factor, diskMebibytes, roles);
    }

    /** With a PostgreSQL of its own on a disk of that size. */
    public StageShape withDisk(final int mebibytes) {
        return new StageShape(serverOptions, redisSettings, wiring, ack, load, mebibytes, roles);
    }

    /** With ingest and aggregation in processes of their own. */
    public StageShape withRolesApart() {
        return new StageShape(serverOptions, redisSettings, wiring, ack, load, diskMebibytes, Roles.APART);
    }

    /** With these options of the server too. */
    public StageShape withOptions(final String... options) {
        final List<String> all = new ArrayList<>(serverOptions);
        all.addAll(List.of(options));
        return new StageShape(List.copyOf(all), redisSettings, wiring, ack, load, diskMebibytes, roles);
    }

    /** With these settings of Redis too. */
    public StageShape withRedis(final String... settings) {
        final List<String> all = new ArrayList<>(redisSettings);
        all.addAll(List.of(settings));
        return new StageShape(serverOptions, List.copyOf(all), wiring, ack, load, diskMebibytes, roles);
    }
}
