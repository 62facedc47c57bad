package io.millrace.bench.faults.stage;

import io.millrace.bench.load.AckLevel;
import io.millrace.bench.load.EventLedger;
import io.millrace.bench.load.EventShape;
import io.millrace.bench.load.Form;
import io.millrace.bench.load.Load;
import io.millrace.bench.load.LoadPlan;
import io.millrace.bench.load.LoadResult;
import io.millrace.bench.load.Pace;
import io.millrace.bench.load.RequestShape;
import io.millrace.bench.load.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Load in all forms at once, each event of which has a user of its own and is entered into one ledger. It goes on until it is
 * stopped, whatever becomes of the server.
 */
public final class Traffic implements AutoCloseable {
    /** Before the number of an event, in the name of its user. */
    public static final String USERS = "u-";

    private static final int NUMBERS_A_LOAD = 2_000_000;
    private static final int CONNECTIONS = 6;
    private static final int PIPELINE = 32;
    private static final int BATCH = 10;
    private static final Duration LONG = Duration.ofHours(12);
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final Map<Form, Integer> RATES =
            new EnumMap<>(Map.of(Form.PIXEL, 80, Form.JSON, 80, Form.NDJSON, 15, Form.ARRAY, 10));

    private final EventLedger ledger = new EventLedger();
    private final List<Load> loads = new ArrayList<>();
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private int started;

    /** Starts a load on a server, beside those that run. */
    void start(final InetSocketAddress server, final Optional<AckLevel> ack, final long seed, final double factor) {
        for (final Map.Entry<Form, Integer> rate : RATES.entrySet()) {
            final Form form = rate.getKey();
            final int batch = form == Form.NDJSON || form == Form.ARRAY ? BATCH : 1;
            loads.add(Load.start(
                    new LoadPlan(
                            Target.of(server),
                            new RequestShape(form, batch, ack),
                            EventShape.DEFAULTS.withUniqueUsers(USERS).withSeed(seed + started),
                            (long) started * NUMBERS_A_LOAD,
                            new Pace(
                                    rate.getValue() * factor,
                                    CONNECTIONS,
                                    PIPELINE,
                                    0,
                                    LONG,
                                    Duration.ZERO,
                                    TIMEOUT,
                                    Duration.ZERO)),
                    ledger));
            started++;
        }
    }

    /** What the client knows. */
    public EventLedger ledger() {
        return ledger;
    }

    /** How many requests were answered by each status; complete when the load has stopped. */
    public Map<Integer, Long> statuses() {
        return statuses;
    }

    /** Sends nothing more, and waits for what is still to be answered. */
    void stop() throws InterruptedException {
        loads.forEach(Load::stop);
        for (final Load load : loads) {
            final LoadResult result = load.await();
            result.statuses().forEach((status, count) -> statuses.merge(status, count, Long::sum));
            load.close();
        }
        loads.clear();
    }

    @Override
    public void close() {
        loads.forEach(Load::close);
    }
}
