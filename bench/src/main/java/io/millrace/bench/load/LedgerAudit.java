package io.millrace.bench.load;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Compares what a database holds, row by row, with what the client knows: every accepted event must be there once, an
 * unanswered one at most once, and nothing else.
 *
 * <p>Not thread-safe.
 */
public final class LedgerAudit {
    private static final int MAX_EXAMPLES = 5;

    private final BitSet missing;
    private final BitSet allowed;
    private final String userPrefix;
    private final List<String> examples = new ArrayList<>();
    private final BitSet seen = new BitSet();
    private final long accepted;
    private long stored;
    private long doubled;
    private long invented;

    LedgerAudit(final BitSet accepted, final BitSet unanswered, final String userPrefix) {
        this.userPrefix = userPrefix;
        this.accepted = accepted.cardinality();
        missing = accepted;
        allowed = (BitSet) accepted.clone();
        allowed.or(unanswered);
    }

    /**
     * Takes a row. The rows of a user are added up: its events may lie in several windows only if they were doubled.
     *
     * @param count how often the user's event was counted
     */
    public void row(final String user, final long count) {
        stored += count;
        final int event = event(user);
        if (event < 0 || !allowed.get(event)) {
            invented += count;
            example("invented " + user);
            return;
        }
        missing.clear(event);
        final long tooMany = seen.get(event) ? count : count - 1;
        seen.set(event);
        if (tooMany > 0) {
            doubled += tooMany;
            example("doubled " + user);
        }
    }

    private int event(final String user) {
        final String number = user.startsWith(userPrefix) ? user.substring(userPrefix.length()) : "";
        return number.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(number) : -1;
    }

    private void example(final String text) {
        if (examples.size() < MAX_EXAMPLES) {
            examples.add(text);
        }
    }

    /** The outcome, when all rows have been taken. */
    public Verdict verdict() {
        missing.stream().limit(MAX_EXAMPLES).forEach(event -> example("lost " + userPrefix + event));
        return new Verdict(accepted, stored, missing.cardinality(), doubled, invented, List.copyOf(examples));
    }

    /**
     * How the database stands to the client.
     *
     * @param accepted events that were accepted
     * @param stored events that are counted
     * @param lost events that were accepted and are not counted
     * @param doubled how often an event was counted again
     * @param invented how often something was counted that was not sent, or was refused
     * @param examples some of each
     */
    public record Verdict(long accepted, long stored, long lost, long doubled, long invented, List<String> examples) {
        /** Nothing lost, nothing twice, nothing invented. */
        public boolean clean() {
            return lost == 0 && doubled == 0 && invented == 0;
        }
    }
}
