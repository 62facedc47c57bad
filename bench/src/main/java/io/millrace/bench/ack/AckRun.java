package io.millrace.bench.ack;

import io.millrace.bench.load.AckLevel;
import io.millrace.bench.load.EventShape;
import io.millrace.bench.load.Form;
import io.millrace.bench.load.Load;
import io.millrace.bench.load.LoadCounter;
import io.millrace.bench.load.LoadListener;
import io.millrace.bench.load.LoadPlan;
import io.millrace.bench.load.LoadResult;
import io.millrace.bench.load.Pace;
import io.millrace.bench.load.RequestShape;
import io.millrace.bench.load.Target;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Measures the levels in turn, round after round: what the machine does meanwhile strikes them alike. Each level has a load at a
 * constant rate for its latency, and one that goes as fast as it can. Not thread-safe.
 */
final class AckRun {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Target target;
    private final AckPlan plan;
    private final PrintWriter progress;
    private final Map<AckLevel, List<LevelCost>> costs = new EnumMap<>(AckLevel.class);
    private boolean clean = true;

    AckRun(final InetSocketAddress server, final AckPlan plan, final PrintWriter progress) {
        target = Target.of(server);
        this.plan = plan;
        this.progress = progress;
    }

    /** The median of each level's rounds. */
    Map<AckLevel, LevelCost> run() throws InterruptedException {
        for (int round = 0; round < plan.rounds(); round++) {
            for (final AckLevel level : AckLevel.values()) {
                final LevelCost cost = measure(level);
                costs.computeIfAbsent(level, key -> new ArrayList<>()).add(cost);
                progress.printf(
                        Locale.ROOT,
                        "round %d, %s: p50 %.3f ms, p99 %.3f ms, %,.0f requests/s%n",
                        round + 1,
                        level.word(),
                        cost.p50Nanos() / 1e6,
                        cost.p99Nanos() / 1e6,
                        cost.requestsPerSecond());
            }
        }
        final Map<AckLevel, LevelCost> medians = new EnumMap<>(AckLevel.class);
        costs.forEach((level, rounds) -> medians.put(level, LevelCost.median(rounds)));
        return medians;
    }

    /** Whether every request was answered, every event accepted, and every answer as good as it was asked to be. */
    boolean clean() {
        return clean;
    }

    private LevelCost measure(final AckLevel level) throws InterruptedException {
        final LoadResult steady = load(level, plan.ratePerSecond());
        final LoadResult full = load(level, 0);
        return new LevelCost(
                steady.latencyNanos().getValueAtPercentile(50),
                steady.latencyNanos().getValueAtPercentile(99),
                full.requestsPerSecond());
    }

    private LoadResult load(final AckLevel level, final double ratePerSecond) throws InterruptedException {
        final Pace pace = new Pace(
                ratePerSecond,
                plan.connections(),
                plan.pipeline(),
                0,
                plan.duration(),
                plan.warmup(),
                TIMEOUT,
                Duration.ZERO);
        final RequestShape requests = new RequestShape(Form.JSON, 1, Optional.of(level));
        final LoadResult result =
                Load.run(new LoadPlan(target, requests, EventShape.DEFAULTS, pace), LoadListener.NONE);
        if (!result.clean() || result.total(LoadCounter.REQUESTS_BELOW_LEVEL) > 0) {
            clean = false;
            progress.printf(
                    Locale.ROOT,
                    "%s: %,d events refused, %,d requests without an answer, %,d answers below the level%n",
                    level.word(),
                    result.measured(LoadCounter.EVENTS_REFUSED),
                    result.failures(),
                    result.total(LoadCounter.REQUESTS_BELOW_LEVEL));
        }
        return result;
    }
}
