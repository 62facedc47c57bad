package io.millrace.storage.redis;

/** The names that are fixed by contract, beside those of the streams themselves. */
final class RedisKeys {
    /** The set that lists all streams. */
    static final String STREAMS = "millrace:streams";
    /** The stream of entries that could not be folded. */
    static final String REJECTED = "millrace:rejected";
    /** The consumer group whose last-delivered-id is the bookmark. */
    static final String GROUP = "millrace";
    /** The consumer group whose last-delivered-id tells whose the stream is: the id of a journal, as a generation. */
    static final String OWNER_GROUP = "millrace-journal";
    /** The field of an entry that holds its block. */
    static final char BLOCK_FIELD = 'b';

    private RedisKeys() {}
}
