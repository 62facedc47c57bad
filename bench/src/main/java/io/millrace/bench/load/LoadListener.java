package io.millrace.bench.load;

/**
 * Is told what becomes of each request: sent, then either answered or lost. Events are numbered in the order in which they are
 * sent; a request has consecutive ones.
 *
 * <p>Called by the load's thread, which does nothing else meanwhile. An exception ends the load.
 */
public interface LoadListener {
    /** Takes note of nothing. */
    LoadListener NONE = new LoadListener() {
        @Override
        public void sent(final long firstEvent, final int events) {}

        @Override
        public void answered(final long firstEvent, final int events, final Reply reply) {}

        @Override
        public void lost(final long firstEvent, final int events, final LossCause cause) {}
    };

    /** A request is about to be written: from now on the server may have got it. */
    void sent(long firstEvent, int events);

    /**
     * An answer came.
     *
     * @param reply holds only during the call
     */
    void answered(long firstEvent, int events, Reply reply);

    /** No answer will come any more; the server may have taken the request or not. */
    void lost(long firstEvent, int events, LossCause cause);
}
