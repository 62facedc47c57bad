-- Which event ids were counted, and when. The ids of a slice of time stand in a plain table event_ids_<number>: a unique key
-- on a partitioned table would have to hold the time too, and an id would pass again at each edge. The open slice (there
-- is at most one) takes new ids; a closed one is read until the last id in it is older than the dedup window.
CREATE TABLE event_id_slices (
    number bigint PRIMARY KEY,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz
);

CREATE UNIQUE INDEX event_id_slices_open ON event_id_slices ((true)) WHERE closed_at IS NULL;

-- With it the books of each stream can be checked by themselves:
-- last_event = counted + duplicates + poisoned + lost.
ALTER TABLE stream_watermarks ADD COLUMN counted bigint NOT NULL DEFAULT 0;

UPDATE stream_watermarks SET counted = last_event - duplicates - poisoned - lost;
