package io.millrace.server.admin;

import io.millrace.pipeline.ship.Shipper;
import io.millrace.pipeline.window.Aggregator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Whether the server should be sent events, and if not, why. Thread-safe; never blocks. */
final class Readiness {
    private final Supplier<Lifecycle> lifecycle;
    private final List<Shipper> shippers;
    private final Aggregator aggregator;
    private final Map<String, ProgressAge> ages;
    private final long maxAgeNanos;

    /**
     * Makes it.
     *
     * @param aggregator null where the role has none
     * @param ages by stream
     * @param maxAge how old the oldest event not yet shipped or stored may be
     */
    Readiness(
            final Supplier<Lifecycle> lifecycle,
            final List<Shipper> shippers,
            final Aggregator aggregator,
            final Map<String, ProgressAge> ages,
            final Duration maxAge) {
        this.lifecycle = lifecycle;
        this.shippers = shippers;
        this.aggregator = aggregator;
        this.ages = ages;
        this.maxAgeNanos = maxAge.toNanos();
    }

    /** Why the server is not ready; nothing if it is. */
    List<Reason> reasons() {
        final List<Reason> reasons = new ArrayList<>();
        switch (lifecycle.get()) {
            case STARTING -> reasons.add(new Reason("starting", "the server is starting"));
            case DRAINING -> reasons.add(new Reason("draining", "the server is stopping and takes no more events"));
            case READY -> {
                // Nothing is in the way yet.
            }
        }
        for (final Shipper shipper : shippers) {
            addState(reasons, shipper);
        }
        if (aggregator != null && !aggregator.connected()) {
            reasons.add(new Reason("store_unreached", "PostgreSQL does not answer, or has not been asked yet"));
        }
        ages.forEach((stream, age) -> {
            addAge(reasons, "unshipped_too_old", stream, "shipped", age.unshippedNanos());
            addAge(reasons, "unstored_too_old", stream, "stored", age.unstoredNanos());
        });
        return reasons;
    }

    private static void addState(final List<Reason> reasons, final Shipper shipper) {
        final String stream = shipper.journal().stream();
        switch (shipper.state()) {
            case RESYNC ->
                reasons.add(
                        new Reason("stream_unreached", stream + ": Redis does not answer, or has not been asked yet"));
            case REFUSING ->
                reasons.add(new Reason(
                        "stream_refused",
                        stream + " holds what this journal has not written; the log says what to do"));
            case SHIPPING, DONE -> {
                // As it should be.
            }
        }
    }

    private void addAge(
            final List<Reason> reasons,
            final String code,
            final String stream,
            final String done,
            final long ageNanos) {
        if (ageNanos > maxAgeNanos) {
            reasons.add(new Reason(
                    code,
                    stream + ": the oldest event not yet " + done + " has been waiting for "
                            + TimeUnit.NANOSECONDS.toSeconds(ageNanos) + " s; "
                            + TimeUnit.NANOSECONDS.toSeconds(maxAgeNanos) + " s are allowed"));
        }
    }

    /**
     * One thing that is in the way.
     *
     * @param code for programs
     * @param message for people
     */
    record Reason(String code, String message) {}
}
