package io.millrace.bench.load;

import java.util.SplittableRandom;

/**
 * The events of a load, one after the other, as indices: which user, action, element. Two sources of the same shape, first
 * number and start give the same events, so whoever has to know what a load sent lets a second one run.
 *
 * <p>Not thread-safe. {@link #next} allocates nothing.
 */
public final class EventSource {
    private final EventShape shape;
    private final SplittableRandom random;
    private final ZipfSampler users;
    private final ZipfSampler elements;
    private final long spanStartMillis;
    private final long spanMillis;
    private long number;
    private int user;
    private int action;
    private int element;
    private long timestampMillis;

    /**
     * @param firstEvent the number of the first event
     * @param startMillis when the load starts, epoch milliseconds: the end of {@link EventShape#span}
     */
    public EventSource(final EventShape shape, final long firstEvent, final long startMillis) {
        this.shape = shape;
        random = new SplittableRandom(shape.seed());
        users = new ZipfSampler(shape.users(), shape.zipf());
        elements = new ZipfSampler(shape.elements(), shape.zipf());
        spanMillis = Math.max(1, shape.span().toMillis());
        spanStartMillis = startMillis - spanMillis;
        number = firstEvent - 1;
    }

    /** Goes to the next event. */
    public void next(final long nowMillis) {
        number++;
        user = users.sample(random.nextLong());
        element = elements.sample(random.nextLong());
        action = (int) (((random.nextLong() >>> 32) * shape.actions()) >>> 32);
        timestampMillis = switch (shape.timestamps()) {
            case NONE -> 0;
            case NOW -> nowMillis;
            case SPREAD -> spanStartMillis + (long) (random.nextDouble() * spanMillis);
        };
    }

    /** Which event it is. */
    public long number() {
        return number;
    }

    /** From 0 on, the most frequent first; without meaning if each event has a user of its own. */
    public int user() {
        return user;
    }

    public int action() {
        return action;
    }

    /** From 0 on, the most frequent first. */
    public int element() {
        return element;
    }

    /** Epoch milliseconds, or 0 for none. */
    public long timestampMillis() {
        return timestampMillis;
    }
}
