package io.millrace.bench.load;

/** Why a request that was sent has no answer. */
public enum LossCause {
    /** The connection ended, or the load was ended. */
    CLOSED,
    /** No answer in time. */
    TIMEOUT,
    /** The server sent what is no reply. */
    PROTOCOL
}
