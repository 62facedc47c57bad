package io.millrace.storage.postgres.query;

import java.util.List;

/**
 * How many distinct users there were.
 *
 * @param users over the whole range
 * @param steps of each step, the first one first; none if no steps were asked for
 */
public record UserCounts(long users, List<Long> steps) {
    public UserCounts {
        steps = List.copyOf(steps);
    }
}
