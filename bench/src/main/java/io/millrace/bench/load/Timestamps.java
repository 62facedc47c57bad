package io.millrace.bench.load;

/** What stands in an event's timestamp. */
public enum Timestamps {
    /** Nothing: the server takes the time of receipt. */
    NONE,
    /** When the request was written. */
    NOW,
    /** Any moment of a span that ends when the load starts; equally likely, and drawn from the seed like all else. */
    SPREAD
}
