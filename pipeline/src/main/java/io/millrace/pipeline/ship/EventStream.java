package io.millrace.pipeline.ship;

import org.agrona.DirectBuffer;

/**
 * The append side of one stream. Every call blocks until the store answered or its time limit passed. Used by one
 * thread only, the stream's shipper.
 */
public interface EventStream extends AutoCloseable {
    /**
     * Asks what the stream holds, and makes it, with its bookmark group, where it is missing. A broken connection is made
     * anew first.
     *
     * @throws StreamException if there was no answer
     */
    StreamState resync() throws StreamException;

    /**
     * Notes in the stream, which has to be there, whose it is, unless that is noted already. The note goes with the stream.
     *
     * @param journalId of the journal that asks
     * @return whether the stream is that journal's
     * @throws StreamException if there was no answer
     */
    boolean claim(long journalId) throws StreamException;

    /**
     * Appends one block.
     *
     * @return false if the stream does not exist (any more): nothing was written
     * @throws StreamException if the outcome is unknown, or the store refused
     */
    boolean append(EntryId id, DirectBuffer block, int offset, int length) throws StreamException;

    /**
     * Asks how far PostgreSQL has got, for a shipper whose aggregator is another process.
     *
     * @throws StreamException if there was no answer
     */
    EntryId bookmark() throws StreamException;

    /**
     * Removes the stream for good, once a journal that nobody writes to any more was stored to its last event.
     *
     * @throws StreamException if there was no answer
     */
    void remove() throws StreamException;

    @Override
    void close();
}
