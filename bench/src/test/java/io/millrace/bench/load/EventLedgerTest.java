package io.millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventLedgerTest {
    private final EventLedger ledger = new EventLedger();

    @Test
    void shouldKnowWhatBecameOfEachEvent() throws Exception {
        for (int first = 0; first < 50; first += 10) {
            ledger.sent(first, 10);
        }
        ledger.answered(0, 10, reply(202, "{\"status\":\"accepted\",\"accepted\":10,\"rejected\":0}"));
        ledger.answered(10, 10, reply(503, "{}"));
        ledger.lost(20, 10, LossCause.CLOSED);
        ledger.answered(30, 10, reply(202, "{\"status\":\"accepted\",\"accepted\":7,\"rejected\":3}"));

        assertThat(ledger.accepted().stream().toArray()).containsExactly(range(0, 10));
        assertThat(ledger.refused().stream().toArray()).containsExactly(range(10, 20));
        assertThat(ledger.unanswered().stream().toArray()).containsExactly(range(20, 50));
        assertThat(ledger.acceptances()).isEqualTo(1);
    }

    @Test
    void shouldPassABaseThatHoldsWhatItMustAndMay() throws Exception {
        acceptTwoOfFour();
        final LedgerAudit audit = ledger.audit("u-");
        audit.row("u-0", 1);
        audit.row("u-1", 1);
        audit.row("u-2", 1);

        assertThat(audit.verdict().clean()).isTrue();
        assertThat(audit.verdict().stored()).isEqualTo(3);
    }

    @Test
    void shouldNoticeEachKindOfFault() throws Exception {
        acceptTwoOfFour();
        final LedgerAudit audit = ledger.audit("u-");
        audit.row("u-0", 2);
        // In another window, or of another row: it is the second time all the same.
        audit.row("u-0", 1);
        audit.row("u-2", 1);
        // Refused, and yet counted.
        audit.row("u-3", 1);
        // Never sent.
        audit.row("u-4", 5);
        audit.row("someone", 1);
        audit.row("u-02", 1);

        final LedgerAudit.Verdict verdict = audit.verdict();
        assertThat(verdict.lost()).isEqualTo(1);
        assertThat(verdict.doubled()).isEqualTo(2);
        assertThat(verdict.invented()).isEqualTo(8);
        assertThat(verdict.clean()).isFalse();
        assertThat(verdict.examples()).hasSize(5).contains("doubled u-0", "invented u-3");
    }

    /** 0 and 1 accepted, 2 unanswered, 3 refused. */
    private void acceptTwoOfFour() throws ReplyException {
        ledger.sent(0, 2);
        ledger.sent(2, 1);
        ledger.sent(3, 1);
        ledger.answered(0, 2, reply(200, ""));
        ledger.answered(3, 1, reply(400, ""));
    }

    private static int[] range(final int from, final int to) {
        return IntStream.range(from, to).toArray();
    }

    private static Reply reply(final int status, final String body) throws ReplyException {
        final Reply[] found = new Reply[1];
        final byte[] bytes = ("HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(US_ASCII);
        new ReplyScanner(new ReplyHeads()).scan(bytes, 0, bytes.length, reply -> found[0] = reply);
        return found[0];
    }
}
