package io.millrace.pipeline.window;

import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.StreamException;
import java.util.Set;
import org.agrona.DirectBuffer;

/** The read side of all streams. Every call blocks, within a time limit. Used by one thread only, the aggregator. */
public interface EventFeed extends AutoCloseable {
    /**
     * The names of all streams that any node has made.
     *
     * @throws StreamException if there was no answer
     */
    Set<String> streams() throws StreamException;

    /**
     * Reads entries that follow {@code after}, in order, without waiting for any to come. A stream that does not exist
     * is read as empty.
     *
     * @param maxEntries bound on the entries of this call
     * @return the number of entries handed over
     * @throws StreamException if there was no answer; entries may have been handed over before
     */
    int read(String stream, EntryId after, int maxEntries, EntryHandler handler) throws StreamException;

    /**
     * The stream's last-generated-id, {@link EntryId#ZERO} if it does not exist.
     *
     * @throws StreamException if there was no answer
     */
    EntryId last(String stream) throws StreamException;

    /**
     * The bookmark: the last entry that PostgreSQL has by all that was ever published, {@link EntryId#ZERO} if there is none.
     *
     * @throws StreamException if there was no answer
     */
    EntryId bookmark(String stream) throws StreamException;

    /**
     * Publishes how far PostgreSQL has got: sets the bookmark, then trims. A stream that does not exist is left alone; the
     * bookmark of one that does is made again if somebody removed it.
     *
     * @param trimmable the last entry that is not needed any more, {@link EntryId#ZERO} if all are
     * @throws StreamException if there was no answer; publishing again is harmless
     */
    void publish(String stream, EntryId bookmark, EntryId trimmable) throws StreamException;

    /**
     * Puts an entry that cannot be folded where a person can look at it.
     *
     * @param reason why, in a few words
     * @param content what it held
     * @throws StreamException if there was no answer
     */
    void reject(String stream, EntryId id, String reason, byte[] content) throws StreamException;

    @Override
    void close();

    /** Takes one entry. The buffer is valid during the call only. */
    @FunctionalInterface
    interface EntryHandler {
        /**
         * Takes the entry {@code <generation>-<sequence>}.
         *
         * @param length length of the block in bytes, or -1 if the entry has no block field
         */
        void onEntry(long generation, long sequence, DirectBuffer block, int offset, int length);
    }
}
