package io.millrace.bench.evolution;

/** The versions, with the statements that tell what of theirs stands in PostgreSQL. */
enum Version {
    V1("INSERT per request", Tables.EVENTS),
    V2("stream, read back", Tables.EVENTS),
    V3("stream, worker", Tables.EVENTS),
    V4("worker, windows", Tables.WINDOWS),
    V5("Millrace", Tables.MILLRACE);

    private final String label;
    private final Tables tables;

    Version(final String label, final Tables tables) {
        this.label = label;
        this.tables = tables;
    }

    String label() {
        return label;
    }

    /** The number of events that are stored, cheap enough to be asked again and again. */
    String stored() {
        return tables.stored;
    }

    /** The number of events that are stored, counted. */
    String counted() {
        return tables.counted;
    }

    /** The number of rows that they take. */
    String rows() {
        return tables.rows;
    }

    /** The number of bytes that tables and indexes take. */
    String bytes() {
        return tables.bytes;
    }

    private enum Tables {
        EVENTS(
                "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM events_id_seq",
                "SELECT count(*) FROM events",
                "SELECT count(*) FROM events",
                "SELECT pg_total_relation_size('events')"),
        WINDOWS(
                "SELECT coalesce(sum(count), 0)::bigint FROM aggregated_events",
                "SELECT coalesce(sum(count), 0)::bigint FROM aggregated_events",
                "SELECT (SELECT count(*) FROM aggregated_events) + (SELECT count(*) FROM user_event_maps)",
                "SELECT pg_total_relation_size('aggregated_events') + pg_total_relation_size('user_event_maps')"),
        MILLRACE(
                "SELECT coalesce(sum(counted), 0)::bigint FROM stream_watermarks",
                WINDOWS.counted,
                WINDOWS.rows,
                "SELECT sum(pg_total_relation_size(relid))::bigint FROM (SELECT relid FROM"
                        + " pg_partition_tree('aggregated_events') UNION ALL SELECT relid FROM"
                        + " pg_partition_tree('user_event_maps')) AS parts");

        private final String stored;
        private final String counted;
        private final String rows;
        private final String bytes;

        Tables(final String stored, final String counted, final String rows, final String bytes) {
            this.stored = stored;
            this.counted = counted;
            this.rows = rows;
            this.bytes = bytes;
        }
    }
}
