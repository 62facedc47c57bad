package io.millrace.server.http;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Progress;
import java.util.function.Consumer;

/**
 * What the replies of one event loop can wait for.
 *
 * @param progress of the events that come from the loop
 * @param hurry tells the agents of a level that a reply waits for it; called on the loop, at most once an iteration for each
 *     level
 * @param timeoutNanos how long a reply waits
 */
public record Acknowledgements(Progress progress, Consumer<AckLevel> hurry, long timeoutNanos) {}
