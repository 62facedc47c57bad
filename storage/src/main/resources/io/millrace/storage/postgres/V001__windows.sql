-- Text that is compared or sorted has collation "C": bytes compare faster than a language's order, and every server
-- locks the rows of a flush in the same order, whatever locale its database was made with.

CREATE TABLE millrace_settings (
    name text PRIMARY KEY,
    value text NOT NULL
);

CREATE SEQUENCE aggregated_event_ids CACHE 64;

CREATE TABLE aggregated_events (
    id bigint NOT NULL DEFAULT nextval('aggregated_event_ids'),
    window_start timestamptz NOT NULL,
    action text COLLATE "C" NOT NULL,
    element text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    UNIQUE (window_start, action, element)
) PARTITION BY RANGE (window_start);

ALTER SEQUENCE aggregated_event_ids OWNED BY aggregated_events.id;

-- A row is a part of the users that one flush brought for one group, users and counts at the same positions.
CREATE TABLE user_event_maps (
    aggregated_event_id bigint NOT NULL,
    window_start timestamptz NOT NULL,
    user_ids text[] COLLATE "C" NOT NULL,
    counts int[] NOT NULL
) PARTITION BY RANGE (window_start);

CREATE INDEX user_event_maps_aggregated_event_id ON user_event_maps (aggregated_event_id);

-- Room for updates, as in the partitions of aggregated_events: an update that stays in its page leaves the index alone.
CREATE TABLE hourly_totals (
    hour timestamptz NOT NULL,
    action text COLLATE "C" NOT NULL,
    element text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (hour, action, element)
) WITH (fillfactor = 70);

CREATE TABLE stream_watermarks (
    stream text COLLATE "C" PRIMARY KEY,
    entry_generation bigint NOT NULL DEFAULT 0,
    entry_sequence bigint NOT NULL DEFAULT 0,
    last_event bigint NOT NULL DEFAULT 0,
    duplicates bigint NOT NULL DEFAULT 0,
    poisoned bigint NOT NULL DEFAULT 0,
    lost bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE day_totals (
    day date PRIMARY KEY,
    count bigint NOT NULL,
    expired boolean NOT NULL DEFAULT false
);

CREATE VIEW user_events AS
SELECT a.window_start, a.action, a.element, u.user_id, sum(u.count)::bigint AS count
FROM aggregated_events a
JOIN user_event_maps m ON m.aggregated_event_id = a.id AND m.window_start = a.window_start
CROSS JOIN LATERAL unnest(m.user_ids, m.counts) AS u (user_id, count)
GROUP BY a.window_start, a.action, a.element, u.user_id;
