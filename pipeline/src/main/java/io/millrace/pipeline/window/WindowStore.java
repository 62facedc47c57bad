package io.millrace.pipeline.window;

import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Where windows are kept, together with how far each stream has been folded. One session of the store owns its streams;
 * lose the session and both the ownership and any commit under way are gone. Used by one thread only, the aggregator.
 */
public interface WindowStore extends AutoCloseable {
    /**
     * Takes over those streams that nobody owns, or whose owner has been silent for longer than the lease; and asks other
     * owners for some of theirs if they have more than their share. Opens the session first where there is none.
     *
     * @param listed all streams that there are, those that are owned too, first those that this owner would rather have
     * @return the watermark of each stream that is owned from now on
     * @throws StoreException if the store could not be asked; nothing is owned any more
     */
    Map<String, Watermark> own(Collection<String> listed) throws StoreException;

    /** Those of the owned streams for which another owner asked, when {@link #own} was last called. */
    Set<String> asked();

    /**
     * Gives streams up. What was folded of them must be committed.
     *
     * @throws StoreException if the store could not be told; nothing is owned any more
     */
    void release(Collection<String> streams) throws StoreException;

    /** Gives everything up, the session with it: others may own the streams, and until {@link #own} nothing is owned. */
    void leave();

    /**
     * Compares event ids, adds to the windows and moves the watermarks, in one transaction.
     *
     * @param batch what to add; its identified events are folded into its groups
     * @param watermarks the new watermark of each stream that moved, without the outcome of the identified events
     * @return the watermarks that were committed
     * @throws RefusedException if the store refuses some of the data
     * @throws StoreException if the outcome is unknown or nothing was committed; nothing is owned any more
     */
    Map<String, Watermark> commit(FlushBatch batch, Map<String, Watermark> watermarks) throws StoreException;

    /**
     * Commits what it can, and sets aside the events that the store refuses: piece by piece, and so at a multiple of the
     * price. All of the batch comes from one stream, whose watermark then tells how many were set aside.
     *
     * @param stream the only stream that moved
     * @param watermark its new watermark, without the outcome of the identified events
     * @param refusals called before the commit
     * @return the watermark that was committed
     * @throws StoreException if the outcome is unknown or nothing was committed; nothing is owned any more
     */
    Watermark commitPiecewise(FlushBatch batch, String stream, Watermark watermark, RefusalHandler refusals)
            throws StoreException;

    /**
     * Says that this owner lives, if it has said nothing for a third of the lease, and does what has to be done from time
     * to time.
     *
     * @throws StoreException if the session is lost; nothing is owned any more
     */
    void heartbeat() throws StoreException;

    @Override
    void close();
}
