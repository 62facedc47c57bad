package io.millrace.server.config;

import java.util.Optional;

/**
 * All that {@code millrace tail} is told, validated. Immutable; prints no password.
 *
 * @param redis where the streams are
 * @param from the events to begin with
 * @param action the only action to show; empty: any
 * @param element the only element to show; empty: any
 * @param follow whether to wait for further events
 */
public record TailConfig(
        ConnectionUri redis, TailStart from, Optional<String> action, Optional<String> element, boolean follow) {}
