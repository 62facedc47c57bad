package io.millrace.storage.redis;

import io.millrace.pipeline.ship.EntryId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads what {@code XINFO} and {@code CONFIG GET} answer, flat lists of names and values, and {@code ROLE}. */
final class StreamInfo {
    private StreamInfo() {}

    /** The last-generated-id in the reply of {@code XINFO STREAM}. */
    static EntryId lastGenerated(final Object stream) {
        return EntryId.parse((String) require(stream, "last-generated-id"));
    }

    /** The bookmark in the reply of {@code XINFO STREAM FULL}; empty if there is no such group. */
    static Optional<EntryId> bookmark(final Object stream) {
        return bookmarkOf(require(stream, "groups"));
    }

    /** The bookmark in the reply of {@code XINFO GROUPS}; empty if there is no such group. */
    static Optional<EntryId> bookmarkOf(final Object groups) {
        return lastDelivered(groups, RedisKeys.GROUP);
    }

    /** Whose the stream is, in the reply of {@code XINFO GROUPS}; empty if that is not noted. */
    static Optional<EntryId> ownerOf(final Object groups) {
        return lastDelivered(groups, RedisKeys.OWNER_GROUP);
    }

    private static Optional<EntryId> lastDelivered(final Object groups, final String name) {
        for (final Object group : (List<?>) groups) {
            if (name.equals(require(group, "name"))) {
                return Optional.of(EntryId.parse((String) require(group, "last-delivered-id")));
            }
        }
        return Optional.empty();
    }

    /** Whether the settings make each write durable before it is confirmed. */
    static boolean isDurable(final Object settings) {
        return "yes".equals(value(settings, "appendonly")) && "always".equals(value(settings, "appendfsync"));
    }

    /** Whether the reply of {@code ROLE} is that of a master. */
    static boolean isMaster(final Object role) {
        return "master".equals(((List<?>) role).get(0));
    }

    private static Object require(final Object reply, final String name) {
        return Objects.requireNonNull(value(reply, name), () -> "XINFO tells no " + name);
    }

    private static Object value(final Object reply, final String name) {
        final List<?> pairs = (List<?>) reply;
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            if (name.equals(pairs.get(i))) {
                return pairs.get(i + 1);
            }
        }
        return null;
    }
}
