package io.millrace.storage.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.storage.testing.Relay;

/**
 * Stands between a store and PostgreSQL and loses the reply to one COMMIT: it lets the COMMIT through, waits until the
 * server has answered, and cuts the connection instead of passing the answer on. The COMMIT is what the client sends after
 * the server has answered the statement that names {@code day_totals}. Later connections pass untouched.
 */
final class LostReply implements Relay.Tap {
    private enum State {
        PASSING,
        STATEMENT_SENT,
        STATEMENT_ANSWERED,
        COMMIT_SENT,
        CUT
    }

    private State state = State.PASSING;

    synchronized boolean hasCut() {
        return state == State.CUT;
    }

    @Override
    public synchronized boolean passes(final Relay.Direction direction, final byte[] bytes, final int length) {
        if (direction == Relay.Direction.TO_SERVER) {
            onRequest(new String(bytes, 0, length, ISO_8859_1));
        } else if (state == State.STATEMENT_SENT) {
            state = State.STATEMENT_ANSWERED;
        } else if (state == State.COMMIT_SENT) {
            state = State.CUT;
            return false;
        }
        return true;
    }

    private void onRequest(final String request) {
        if (state == State.PASSING && request.contains("INSERT INTO day_totals")) {
            state = State.STATEMENT_SENT;
        } else if (state == State.STATEMENT_ANSWERED) {
            state = State.COMMIT_SENT;
        }
    }
}
