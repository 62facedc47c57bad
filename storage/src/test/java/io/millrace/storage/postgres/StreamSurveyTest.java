package io.millrace.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StreamSurveyTest {
    private static final int ME = 1;
    private static final int OTHER = 2;
    private static final int THIRD = 3;

    private StreamSurvey survey = survey(ME, List.of("a", "b", "c", "d", "e"));

    private static StreamSurvey survey(final int me, final List<String> streams) {
        return new StreamSurvey(me, streams);
    }

    @Test
    void shouldCountWhatNobodyHasAsFree() {
        survey.holder("b", OTHER);
        survey.holder("c", ME);
        survey.asker("d", OTHER);
        survey.asker("e", ME);
        assertThat(survey.free()).containsExactly("a", "e");
        assertThat(survey.foreign()).containsExactly("b", "d");
    }

    @Test
    void shouldTellWhatIsAskedOfMe() {
        survey.holder("a", ME);
        survey.asker("a", OTHER);
        survey.holder("b", ME);
        survey.holder("c", OTHER);
        survey.asker("c", ME);
        assertThat(survey.asked()).containsExactly("a");
    }

    @Test
    void shouldWishForHalfOfTheDifferenceInTheOrderThatIsPreferred() {
        for (final String stream : List.of("a", "b", "c", "d", "e")) {
            survey.holder(stream, OTHER);
        }
        assertThat(survey.wishes()).containsExactly("a", "b");
        survey.asker("a", ME);
        survey.asker("b", ME);
        assertThat(survey.wishes()).isEmpty();
    }

    @Test
    void shouldNotWishForOneMore() {
        survey.holder("a", ME);
        survey.holder("b", OTHER);
        survey.holder("c", OTHER);
        assertThat(survey.wishes()).isEmpty();
    }

    @Test
    void shouldLeaveOutWhatOthersAskedForBefore() {
        for (final String stream : List.of("a", "b", "c", "d", "e")) {
            survey.holder(stream, OTHER);
        }
        survey.asker("a", THIRD);
        survey.asker("b", THIRD);
        // The other keeps three, and has one asked for by me.
        assertThat(survey.wishes()).containsExactly("c");
    }

    @Test
    void shouldWishForNothingWhereThereIsNothing() {
        assertThat(survey.wishes()).isEmpty();
        survey = survey(ME, List.of());
        assertThat(survey.wishes()).isEmpty();
        assertThat(survey.free()).isEmpty();
    }

    /** Owners come and go; in between each looks in turn, takes, asks and lets go. */
    @Test
    void shouldEndInEqualSharesAndThenMoveNothing() {
        final SplittableRandom random = new SplittableRandom(7);
        for (int run = 0; run < 300; run++) {
            final List<String> streams = new ArrayList<>();
            for (int i = 0; i < random.nextInt(1, 40); i++) {
                streams.add("s" + i);
            }
            final Map<String, Integer> holders = new HashMap<>();
            final Map<String, Integer> askers = new HashMap<>();
            final List<Integer> owners = new ArrayList<>();
            for (int event = 0; event < 4; event++) {
                if (owners.size() > 1 && random.nextBoolean()) {
                    final Integer gone = owners.remove(random.nextInt(owners.size()));
                    holders.values().removeIf(gone::equals);
                    askers.values().removeIf(gone::equals);
                } else {
                    owners.add(100 * run + event + 1);
                }
                int rounds = 0;
                while (round(owners, streams, holders, askers) > 0) {
                    assertThat(rounds++).as("rounds of run %d", run).isLessThan(20);
                }
                final List<Long> shares = owners.stream()
                        .map(owner ->
                                holders.values().stream().filter(owner::equals).count())
                        .sorted()
                        .toList();
                assertThat(holders).hasSize(streams.size());
                assertThat(shares.get(shares.size() - 1) - shares.get(0))
                        .as("run %d: %s", run, shares)
                        .isLessThanOrEqualTo(1);
            }
        }
    }

    private static int round(
            final List<Integer> owners,
            final List<String> streams,
            final Map<String, Integer> holders,
            final Map<String, Integer> askers) {
        int moves = 0;
        for (final int owner : owners) {
            final StreamSurvey survey = survey(owner, streams);
            holders.forEach(survey::holder);
            askers.forEach(survey::asker);
            for (final String free : survey.free()) {
                holders.put(free, owner);
                askers.remove(free, owner);
                survey.holder(free, owner);
                moves++;
            }
            for (final String wish : survey.wishes()) {
                moves += askers.putIfAbsent(wish, owner) == null ? 1 : 0;
            }
            for (final String asked : survey.asked()) {
                holders.remove(asked);
                moves++;
            }
        }
        return moves;
    }
}
