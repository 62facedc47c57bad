package io.millrace.server.http;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What answers the requests of one event loop. Called on that loop only; one connection's requests come in their order.
 */
public interface Endpoint {
    /**
     * Judges a request by its head, before its body is taken.
     *
     * @param start the request's first byte in {@code buffer}; the head's offsets count from it
     * @return null to take it, or why it is refused
     */
    Refusal admit(RequestHead head, UnsafeBuffer buffer, int start);

    /**
     * Answers a complete request with exactly one reply. Buffer and head are not to be kept.
     *
     * @param bodyOffset the body's first byte in {@code buffer}
     */
    void handle(RequestHead head, UnsafeBuffer buffer, int start, int bodyOffset, int bodyLength, ReplyBuffer replies);

    /** The epoch milliseconds at which the bytes of the calls to come were received. */
    void received(long epochMillis);

    /** The requests of one or more reads were handled; their replies are about to be written. */
    void readComplete();

    /** How long a client is to wait, at least 1, after there was no room for its request. */
    int retryAfterSeconds();
}
