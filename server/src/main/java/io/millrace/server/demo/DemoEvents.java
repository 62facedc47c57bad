package io.millrace.server.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What visitors of a small shop might do: about twenty events a second, more by day (UTC) than by night, and a wave of five
 * minutes on top of it, so that a chart has a shape at once. Not thread-safe.
 */
final class DemoEvents {
    static final double MEAN_RATE = 20;

    private static final double DAY_SWING = 0.4;
    private static final double WAVE_SWING = 0.3;
    private static final double PEAK_HOUR = 15;
    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);
    private static final long WAVE_MILLIS = TimeUnit.MINUTES.toMillis(5);
    private static final int VISITORS = 400;

    private static final List<Habit> HABITS = List.of(
            new Habit("view", "hero", 30),
            new Habit("scroll", "landing-page", 18),
            new Habit("view", "price-table", 14),
            new Habit("click", "menu", 11),
            new Habit("click", "search", 9),
            new Habit("click", "add-to-cart", 8),
            new Habit("view", "checkout", 5),
            new Habit("click", "buy", 3),
            new Habit("click", "sign-up", 2));
    private static final int TOTAL_WEIGHT =
            HABITS.stream().mapToInt(Habit::weight).sum();

    private final Random random;

    DemoEvents(final Random random) {
        this.random = random;
    }

    /** Events a second at a time. */
    static double rate(final Instant time) {
        final long millis = time.toEpochMilli();
        final double day = 2 * Math.PI * Math.floorMod(millis, DAY_MILLIS) / DAY_MILLIS;
        final double wave = 2 * Math.PI * Math.floorMod(millis, WAVE_MILLIS) / WAVE_MILLIS;
        return MEAN_RATE
                * (1 + DAY_SWING * Math.cos(day - 2 * Math.PI * PEAK_HOUR / 24))
                * (1 + WAVE_SWING * Math.sin(wave));
    }

    /** How many events there are in a span of time that begins then: a Poisson process, by Knuth's algorithm. */
    int count(final Instant time, final Duration span) {
        final double end = Math.exp(-rate(time) * span.toNanos() / 1e9);
        int events = -1;
        for (double product = 1; product > end; product *= random.nextDouble()) {
            events++;
        }
        return events;
    }

    /** A JSON array of that many events; they get the time of their receipt. */
    String body(final int events) {
        final StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < events; i++) {
            final Habit habit = anyHabit();
            // The square makes some visitors come far more often than others.
            final int visitor = (int) (VISITORS * random.nextDouble() * random.nextDouble());
            json.append(i == 0 ? "" : ",")
                    .append("{\"user_id\":\"visitor-")
                    .append(visitor)
                    .append("\",\"action\":\"")
                    .append(habit.action())
                    .append("\",\"element\":\"")
                    .append(habit.element())
                    .append("\"}");
        }
        return json.append(']').toString();
    }

    private Habit anyHabit() {
        int left = random.nextInt(TOTAL_WEIGHT);
        for (final Habit habit : HABITS) {
            left -= habit.weight();
            if (left < 0) {
                return habit;
            }
        }
        throw new IllegalStateException("the weights do not add up");
    }

    /**
     * Something that visitors do.
     *
     * @param weight how often, in relation to the others
     */
    private record Habit(String action, String element, int weight) {}
}
