package io.millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * A reply as a {@link LoadListener} sees it. The same object stands for one reply after the other: it holds only during the
 * call.
 */
public final class Reply {
    /** So much of a body is kept; the reports of Millrace begin with what counts. */
    static final int KEPT_BODY_BYTES = 256;

    private static final byte[] ACCEPTED = "\"accepted\":".getBytes(US_ASCII);
    private static final byte[] ACK = "\"ack\":\"".getBytes(US_ASCII);

    private final byte[] body = new byte[KEPT_BODY_BYTES];
    private int bodyBytes;
    private ReplyHead head;

    void begin(final ReplyHead head) {
        this.head = head;
        bodyBytes = 0;
    }

    void body(final byte[] bytes, final int from, final int to) {
        final int kept = Math.min(to - from, KEPT_BODY_BYTES - bodyBytes);
        if (kept > 0) {
            System.arraycopy(bytes, from, body, bodyBytes, kept);
            bodyBytes += kept;
        }
    }

    boolean keepAlive() {
        return head.keepAlive();
    }

    /** The status. */
    public int status() {
        return head.status();
    }

    /**
     * How many events of the request the server took: what its report says, or where it sends none all of them if the status
     * is 2xx.
     */
    public int accepted(final int events) {
        if (head.status() < 200 || head.status() > 299 || head.eventRejected()) {
            return 0;
        }
        if (events == 1) {
            return 1;
        }
        final int at = after(ACCEPTED);
        return at < 0 ? events : number(at);
    }

    /** Whether the server answered before the level that was asked for was reached, as its report then says. */
    public boolean belowLevel() {
        return after(ACK) >= 0;
    }

    /** The first bytes of the body, as text. */
    public String body() {
        return new String(body, 0, bodyBytes, US_ASCII);
    }

    private int number(final int offset) {
        int number = 0;
        for (int at = offset; at < bodyBytes && body[at] >= '0' && body[at] <= '9'; at++) {
            number = 10 * number + body[at] - '0';
        }
        return number;
    }

    /** Where the body goes on after the first occurrence of a text; −1 if there is none. */
    private int after(final byte[] text) {
        final byte[] body = this.body;
        for (int at = 0; at <= bodyBytes - text.length; at++) {
            int same = 0;
            while (same < text.length && body[at + same] == text[same]) {
                same++;
            }
            if (same == text.length) {
                return at + same;
            }
        }
        return -1;
    }
}
