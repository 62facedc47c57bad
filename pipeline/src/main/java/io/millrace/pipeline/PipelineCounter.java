package io.millrace.pipeline;

/** Everything that the shippers and the aggregator count. Each has a {@link Counters} of its own. */
public enum PipelineCounter implements Counters.Descriptor {
    SHIPPED_BLOCKS("millrace_shipped_blocks", "Blocks that the stream confirmed."),
    SHIPPED_EVENTS("millrace_shipped_events", "Events in blocks that the stream confirmed, repeats included."),
    SHIPPED_BYTES("millrace_shipped_bytes", "Bytes of blocks that the stream confirmed."),
    SHIP_FAILURES("millrace_ship_failures", "Appends and resyncs that failed; each is tried again."),
    REPLICA_SHORTFALLS(
            "millrace_replica_shortfalls",
            "Appends and resyncs that fewer replicas confirmed in time than --redis-wait-replicas wants; each is tried again."),
    RESYNCS("millrace_resyncs", "Times that a shipper asked what its stream holds."),
    FREED_BYTES("millrace_journal_freed_bytes", "Bytes of journal records that were freed."),
    FOLDED_BLOCKS("millrace_folded_blocks", "Blocks whose events were counted."),
    FOLDED_EVENTS("millrace_folded_events", "Events taken from blocks, each once, before their commit."),
    REDELIVERED_EVENTS("millrace_redelivered_events", "Events that came again and were skipped by their sequence."),
    DUPLICATE_EVENTS("millrace_duplicate_events", "Events not counted because their event_id had been."),
    REFUSED_EVENTS("millrace_refused_events", "Events that PostgreSQL refused, set aside in millrace:rejected."),
    POISON_ENTRIES("millrace_poison_entries", "Stream entries that do not decode, set aside in millrace:rejected."),
    DAMAGED_RECORDS(
            "millrace_damaged_records", "Journal records that failed their check, set aside in millrace:rejected."),
    GAPS("millrace_stream_gaps", "Gaps met in a stream's sequences; each made it be read again from its start."),
    LOST_EVENTS("millrace_lost_events", "Events that nobody holds any more."),
    FEED_FAILURES("millrace_feed_failures", "Reads, trims and bookmarks that failed; each is tried again."),
    FLUSHES("millrace_flushes", "Commits to the window store."),
    FLUSHED_EVENTS("millrace_flushed_events", "Events in commits to the window store."),
    FLUSHED_GROUPS("millrace_flushed_groups", "Groups (window, action, element) in commits to the window store."),
    FLUSHED_USERS("millrace_flushed_users", "Pairs of group and user in commits to the window store."),
    FLUSH_NANOS("millrace_flush_nanos", "Nanoseconds spent in commits to the window store."),
    STORE_FAILURES("millrace_store_failures", "Calls of the window store that failed; what was folded is read again."),
    STORE_REGRESSIONS(
            "millrace_store_regressions",
            "Streams of which the window store had less than before: it has gone back to a past state."),
    RELEASED_STREAMS("millrace_released_streams", "Streams that were left to another aggregator.");

    private final String metricName;
    private final String help;

    PipelineCounter(final String metricName, final String help) {
        this.metricName = metricName;
        this.help = help;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public String help() {
        return help;
    }
}
