package io.millrace.storage.postgres.query;

import io.millrace.pipeline.window.Watermark;
import java.time.Instant;

/**
 * How far one stream has been folded into the windows, and when it last moved.
 *
 * @param updatedAt by PostgreSQL's clock
 */
public record StreamTotals(String stream, Watermark watermark, Instant updatedAt) {}
