package io.millrace.bench.load;

import java.time.Duration;

/**
 * What the events of a load are. Users and elements are drawn by Zipf's law, actions evenly, all from the seed: the n-th event
 * of a load is the same in every load of the same shape, but for timestamps that follow the clock.
 *
 * @param users how many there are
 * @param elements likewise
 * @param actions likewise
 * @param zipf the exponent s of Zipf's law: the k-th of them is drawn in proportion to 1/k^s; 0 draws evenly
 * @param seed of all that is drawn
 * @param uniqueUsers each event has a user of its own, named by its number, so that it can be looked for
 * @param userPrefix before the number of a user
 * @param eventIds each event has an id, made of seed and number
 * @param timestamps what stands in their timestamps
 * @param span of {@link Timestamps#SPREAD}
 */
public record EventShape(
        int users,
        int elements,
        int actions,
        double zipf,
        long seed,
        boolean uniqueUsers,
        String userPrefix,
        boolean eventIds,
        Timestamps timestamps,
        Duration span) {
    /** What is named by nobody. */
    public static final EventShape DEFAULTS =
            new EventShape(10_000, 50, 3, 1.0, 1, false, "user-", false, Timestamps.NONE, Duration.ofHours(1));

    /** The same, with a user for each event. */
    public EventShape withUniqueUsers(final String prefix) {
        return new EventShape(users, elements, actions, zipf, seed, true, prefix, eventIds, timestamps, span);
    }

    /** The same of another seed. */
    public EventShape withSeed(final long seed) {
        return new EventShape(
                users, elements, actions, zipf, seed, uniqueUsers, userPrefix, eventIds, timestamps, span);
    }

    /** The same with timestamps. */
    public EventShape withTimestamps(final Timestamps timestamps, final Duration span) {
        return new EventShape(
                users, elements, actions, zipf, seed, uniqueUsers, userPrefix, eventIds, timestamps, span);
    }

    /** The same with an id for each event. */
    public EventShape withEventIds() {
        return new EventShape(users, elements, actions, zipf, seed, uniqueUsers, userPrefix, true, timestamps, span);
    }
}
