package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Await;
import io.millrace.bench.faults.stage.FakeClock;
import io.millrace.bench.faults.stage.Stage;
import java.time.Duration;
import java.time.Instant;

/** Wall clocks that are two hours behind or ahead. What is stored then must be counted all the same, in the windows of that clock. */
final class ClockFaults {
    private static final Duration OFF = Duration.ofHours(2);
    private static final Duration ABOUT = Duration.ofMinutes(30);
    private static final int WINDOW_MILLIS = 20_000;

    private ClockFaults() {}

    /** The server starts with a clock that is off, and serves with it. */
    static boolean atStart(final Stage stage) throws Exception {
        final Duration ahead = ahead(stage);
        final FakeClock clock = FakeClock.in(stage.folder());
        clock.set(ahead);
        final long before = counted(stage, ahead);
        restart(stage, clock);
        final boolean bit = countsAt(stage, ahead, before);
        stage.server().kill();
        stage.server().launch(stage.launch());
        ServerFaults.startAgain(stage);
        return bit;
    }

    /** The server's clock leaps away while it serves, and back. */
    static boolean whileItServes(final Stage stage) throws Exception {
        final Duration ahead = ahead(stage);
        final FakeClock clock = FakeClock.in(stage.folder());
        restart(stage, clock);
        final long before = counted(stage, ahead);
        clock.set(ahead);
        final boolean bit = countsAt(stage, ahead, before);
        stage.awaitServing();
        stage.awaitCaughtUp();
        clock.set(Duration.ZERO);
        stage.awaitServing();
        stage.awaitCaughtUp();
        stage.pause(500, 1500);
        return bit;
    }

    /** The clock of Redis leaps away, and back. */
    static boolean ofRedis(final Stage stage) throws Exception {
        final Duration ahead = ahead(stage);
        final FakeClock clock = FakeClock.in(stage.folder());
        stage.redis().kill();
        stage.redis().clock(clock);
        stage.redis().start();
        stage.awaitServing();
        clock.set(ahead);
        final boolean bit = Await.within(WINDOW_MILLIS, () -> isAbout(redisTime(stage), ahead));
        stage.pause(500, 1500);
        stage.awaitServing();
        stage.awaitCaughtUp();
        clock.set(Duration.ZERO);
        return bit;
    }

    private static Duration ahead(final Stage stage) {
        return stage.random().nextBoolean() ? OFF : OFF.negated();
    }

    private static void restart(final Stage stage, final FakeClock clock) throws Exception {
        stage.server().kill();
        stage.server().launch(stage.launch().by(clock));
        ServerFaults.startAgain(stage);
    }

    private static Instant redisTime(final Stage stage) throws Exception {
        return Instant.ofEpochSecond(
                Long.parseLong(stage.redis().command("TIME").lines().findFirst().orElseThrow()));
    }

    /** The events of this load have no timestamps: their windows are those of the server's clock. */
    private static boolean countsAt(final Stage stage, final Duration ahead, final long before) throws Exception {
        return Await.within(WINDOW_MILLIS, () -> counted(stage, ahead) > before);
    }

    private static long counted(final Stage stage, final Duration ahead) throws Exception {
        final String offset = ahead.toSeconds() + " seconds";
        return stage.postgres()
                .number(
                        "SELECT coalesce(sum(count), 0) FROM aggregated_events WHERE window_start BETWEEN now() + interval '"
                                + offset + "' - interval '30 min' AND now() + interval '" + offset
                                + "' + interval '30 min'");
    }

    private static boolean isAbout(final Instant time, final Duration ahead) {
        return Duration.between(Instant.now().plus(ahead), time).abs().compareTo(ABOUT) < 0;
    }
}
