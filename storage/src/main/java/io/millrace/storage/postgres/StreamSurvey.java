package io.millrace.storage.postgres;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has which stream, and who asks for which, at one moment. Owners are told apart by the process that serves their session.
 *
 * <p>A stream that is asked for counts as its asker's: so several who ask at the same time do not ask for too much.
 */
final class StreamSurvey {
    private static final int NOBODY = 0;
    /** With one stream more than another, an owner has its share. */
    private static final int MIN_DIFFERENCE = 2;

    private final int me;
    private final Map<String, Integer> holders = new LinkedHashMap<>();
    private final Map<String, Integer> askers = new HashMap<>();

    /**
     * Makes one in which nobody has anything.
     *
     * @param streams those that I would rather have first
     */
    StreamSurvey(final int me, final Collection<String> streams) {
        this.me = me;
        streams.forEach(stream -> holders.put(stream, NOBODY));
    }

    void holder(final String stream, final int pid) {
        holders.put(stream, pid);
    }

    void asker(final String stream, final int pid) {
        askers.put(stream, pid);
    }

    /** Streams that are free for me: nobody has them, and nobody else asked for them. */
    List<String> free() {
        return select((holder, asker) -> holder == NOBODY && (asker == NOBODY || asker == me));
    }

    /** Streams that somebody else has or will have. */
    List<String> foreign() {
        return select((holder, asker) -> holder != me && (holder != NOBODY || (asker != NOBODY && asker != me)));
    }

    /** Streams that I have and somebody else asks for. */
    List<String> asked() {
        return select((holder, asker) -> holder == me && asker != NOBODY && asker != me);
    }

    /** Streams that I should ask for: half of what the owner who has most has more than I, if that is any. */
    List<String> wishes() {
        final Map<Integer, Integer> loads = new HashMap<>();
        loads.put(me, 0);
        holders.forEach((stream, holder) -> loads.merge(askers.getOrDefault(stream, holder), 1, Integer::sum));
        loads.remove(NOBODY);
        final int heaviest = loads.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        final int difference = loads.get(heaviest) - loads.get(me);
        if (difference < MIN_DIFFERENCE) {
            return List.of();
        }
        final List<String> askable = select((holder, asker) -> holder == heaviest && asker == NOBODY);
        return askable.subList(0, Math.min(askable.size(), difference / 2));
    }

    private List<String> select(final Criterion criterion) {
        final List<String> selected = new ArrayList<>();
        holders.forEach((stream, holder) -> {
            if (criterion.holds(holder, askers.getOrDefault(stream, NOBODY))) {
                selected.add(stream);
            }
        });
        return selected;
    }

    /** What is looked for in a stream. */
    @FunctionalInterface
    private interface Criterion {
        boolean holds(int holder, int asker);
    }
}
