-- Finds the users of a range without reading the whole day. Rows come nearly in the order of their windows, so a range of
-- blocks needs no more than its bounds; several pairs of them, so that a late event does not widen them to everything between.
CREATE INDEX user_event_maps_window_start ON user_event_maps
USING brin (window_start timestamptz_minmax_multi_ops) WITH (pages_per_range = 16, autosummarize = on);
