package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.Counters;
import io.millrace.pipeline.Progress;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/** Compares what this server and Netty's decoder make of the same bytes, and counts why they differ. */
final class NettyAgreement {
    private static final int BUDGET_BYTES = 64 << 20;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    private final BodyBudget budget = new BodyBudget(BUDGET_BYTES);
    private final Replies replies = new Replies(CorsPolicy.ANY);
    private final RecordingEndpoint endpoint = new RecordingEndpoint(replies);
    private final HttpLoop loop = new HttpLoop(
            HttpLimits.DEFAULTS,
            1000,
            budget,
            endpoint,
            replies,
            new Acknowledgements(new Progress(), level -> {}, 1),
            new Counters<>(IngestCounter.class),
            SystemEpochClock.INSTANCE,
            SystemNanoClock.INSTANCE);
    private final Map<Strictness, Integer> stricter = new EnumMap<>(Strictness.class);
    private final Map<Leniency, Integer> moreLenient = new EnumMap<>(Leniency.class);
    private int agreed;
    private int refusedByBoth;
    private int lastTaken;

    /** Checks so many mutated requests, each in pieces. */
    void check(final MutatedRequests source, final int requests) {
        for (int i = 0; i < requests; i++) {
            check(source.next(), source::piece);
        }
    }

    /**
     * Checks that both read the same, or differ for a reason.
     *
     * @param pieces from how many bytes are left to how many of them are sent next
     */
    void check(final byte[] bytes, final IntUnaryOperator pieces) {
        endpoint.clear();
        final String replied = receive(bytes, pieces);
        assertThat(budget.freeBytes()).isEqualTo(BUDGET_BYTES);
        final NettyOracle netty = new NettyOracle(bytes);
        final List<ReadRequest> ours = endpoint.requests();
        final List<ReadRequest> theirs = netty.requests();
        final int both = Math.min(ours.size(), theirs.size());
        if (!ours.subList(0, both).equals(theirs.subList(0, both))) {
            assertThat(ours).as(shown(bytes, 0)).isEqualTo(theirs);
        }
        agreed += both;
        final int rest = both == 0 ? 0 : netty.end(both - 1);
        if (ours.size() > both) {
            count(moreLenient, whyTaken(bytes, rest, netty.failure()));
        } else if (!endpoint.persistent()) {
            // Nothing more is read here, and everything there.
            lastTaken++;
        } else if (theirs.size() > both) {
            count(stricter, whyRefused(bytes, rest, refusals(replied)));
        } else if (netty.failure() != null && refusals(replied).isEmpty()) {
            count(moreLenient, whyTaken(bytes, rest, netty.failure()));
        } else if (netty.failure() != null) {
            refusedByBoth++;
        }
    }

    private static Set<Leniency> whyTaken(final byte[] bytes, final int from, final Throwable failure) {
        final Set<Leniency> reasons = Leniency.of(text(bytes, from));
        if (reasons.isEmpty()) {
            throw new AssertionError(
                    "taken or waited for, but refused by Netty (" + failure + "): " + shown(bytes, from));
        }
        return reasons;
    }

    private static Set<Strictness> whyRefused(final byte[] bytes, final int from, final Set<Refusal> refusals) {
        if (refusals.isEmpty()) {
            throw new AssertionError("waiting for more, where Netty took: " + shown(bytes, from));
        }
        final Set<Strictness> reasons = Strictness.of(text(bytes, from), refusals);
        if (reasons.isEmpty()) {
            throw new AssertionError("refused by " + refusals + ", but taken by Netty: " + shown(bytes, from));
        }
        return reasons;
    }

    private String receive(final byte[] bytes, final IntUnaryOperator pieces) {
        try (StreamHarness harness = new StreamHarness(loop)) {
            int from = 0;
            while (from < bytes.length) {
                final int to = Math.min(bytes.length, from + pieces.applyAsInt(bytes.length - from));
                harness.send(bytes, from, to);
                from = to;
            }
            return harness.replies();
        }
    }

    /** What the last reply may stand for: one by its message, or if it is to HEAD all of its status; none if it is no refusal. */
    private static Set<Refusal> refusals(final String replied) {
        final Set<Refusal> byMessage = EnumSet.noneOf(Refusal.class);
        final Set<Refusal> byStatus = EnumSet.noneOf(Refusal.class);
        final Matcher statuses = STATUS.matcher(replied);
        int last = 0;
        while (statuses.find()) {
            last = Integer.parseInt(statuses.group(1));
        }
        for (final Refusal refusal : Refusal.values()) {
            if (refusal.status() == last) {
                byStatus.add(refusal);
                if (replied.endsWith("\"message\":\"" + refusal.message() + "\"}")) {
                    byMessage.add(refusal);
                }
            }
        }
        return byMessage.isEmpty() ? byStatus : byMessage;
    }

    private static <K> void count(final Map<K, Integer> counts, final Set<K> reasons) {
        reasons.forEach(reason -> counts.merge(reason, 1, Integer::sum));
    }

    private static String text(final byte[] bytes, final int from) {
        return new String(bytes, from, bytes.length - from, ISO_8859_1);
    }

    private static String shown(final byte[] bytes, final int from) {
        return text(bytes, from).replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
    }

    /** Requests that both read. */
    int agreed() {
        return agreed;
    }

    /** Connections that both refused to go on with, behind the same request. */
    int refusedByBoth() {
        return refusedByBoth;
    }

    Set<Strictness> stricter() {
        return stricter.keySet();
    }

    Set<Leniency> moreLenient() {
        return moreLenient.keySet();
    }

    @Override
    public String toString() {
        return agreed + " requests read by both, " + refusedByBoth + " refused by both, " + lastTaken
                + " closed; stricter " + stricter + ", more lenient " + moreLenient;
    }
}
