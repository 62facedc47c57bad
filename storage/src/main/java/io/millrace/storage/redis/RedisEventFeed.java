package io.millrace.storage.redis;

import io.lettuce.core.protocol.AsyncCommand;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.window.EventFeed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * All streams in Redis as the aggregator sees them, over one connection to each master. Used by one thread only.
 *
 * <p>One {@code XREAD} for each stream: for several slots of a cluster it would be refused.
 */
final class RedisEventFeed implements EventFeed {
    /** Bounds a reply to 16 MiB: a block may have 1 MiB, and under load has the 64 KiB that make 1 MiB of these. */
    private static final int MAX_ENTRIES_PER_REPLY = 16;
    /** What {@code millrace:rejected} keeps, roughly: Redis trims whole nodes. */
    private static final int MAX_REJECTED = 10_000;

    private final RedisSessions sessions;
    private EntriesOutput entries = new EntriesOutput(MAX_ENTRIES_PER_REPLY);

    RedisEventFeed(final RedisConnector connector) {
        sessions = new RedisSessions(connector);
    }

    @Override
    public Set<String> streams() throws StreamException {
        final Set<String> names = new HashSet<>();
        for (final Object name : (List<?>) sessions.of(RedisKeys.STREAMS).call(Commands.list())) {
            names.add((String) name);
        }
        return names;
    }

    @Override
    public int read(final String stream, final EntryId after, final int maxEntries, final EntryHandler handler)
            throws StreamException {
        long generation = after.generation();
        long sequence = after.sequence();
        int total = 0;
        while (total < maxEntries) {
            final int wanted = Math.min(maxEntries - total, MAX_ENTRIES_PER_REPLY);
            readOnce(stream, generation, sequence, wanted);
            entries.forEach(handler);
            total += entries.size();
            if (entries.size() < wanted) {
                break;
            }
            generation = entries.lastGeneration();
            sequence = entries.lastSequence();
        }
        return total;
    }

    private void readOnce(final String stream, final long generation, final long sequence, final int count)
            throws StreamException {
        entries.reset();
        boolean answered = false;
        try {
            sessions.of(stream).call(Commands.read(stream, generation, sequence, count, entries));
            answered = true;
        } finally {
            if (!answered) {
                // A late reply may still be written into the old one.
                entries = new EntriesOutput(MAX_ENTRIES_PER_REPLY);
            }
        }
    }

    @Override
    public EntryId last(final String stream) throws StreamException {
        final RedisSession session = sessions.of(stream);
        return exists(session, stream)
                ? StreamInfo.lastGenerated(session.call(Commands.describe(stream)))
                : EntryId.ZERO;
    }

    @Override
    public EntryId bookmark(final String stream) throws StreamException {
        final RedisSession session = sessions.of(stream);
        return exists(session, stream)
                ? StreamInfo.bookmarkOf(session.call(Commands.groups(stream))).orElse(EntryId.ZERO)
                : EntryId.ZERO;
    }

    private static boolean exists(final RedisSession session, final String stream) throws StreamException {
        return Long.valueOf(1).equals(session.call(Commands.exists(stream)));
    }

    @Override
    public void publish(final String stream, final EntryId bookmark, final EntryId trimmable) throws StreamException {
        final AsyncCommand<String, Block, Object> set = Commands.async(Commands.setBookmark(stream, bookmark));
        final AsyncCommand<String, Block, Object> trim = Commands.async(Commands.trim(stream, trimmable));
        final RedisSession session = sessions.of(stream);
        try {
            session.sendAll(List.of(set, trim));
            if (!isAccepted(session, set)) {
                setAnew(session, stream, bookmark, set);
            }
            session.await(trim);
        } catch (final ErrorReplyException e) {
            throw session.refused("publish of " + bookmark + " to " + stream + ": " + e.getMessage(), e);
        }
    }

    private static boolean isAccepted(final RedisSession session, final AsyncCommand<String, Block, Object> command)
            throws StreamException {
        try {
            session.await(command);
            return true;
        } catch (final ErrorReplyException refused) {
            return false;
        }
    }

    /** After a refusal: somebody may have removed the group; a stream that is gone is its shipper's to make. */
    private static void setAnew(
            final RedisSession session,
            final String stream,
            final EntryId bookmark,
            final AsyncCommand<String, Block, Object> refused)
            throws StreamException, ErrorReplyException {
        if (!Long.valueOf(1).equals(session.await(session.send(Commands.exists(stream))))) {
            return;
        }
        if (StreamInfo.bookmarkOf(session.await(session.send(Commands.groups(stream))))
                .isPresent()) {
            session.await(refused);
        } else {
            session.await(session.send(Commands.createBookmark(stream, bookmark)));
        }
    }

    @Override
    public void reject(final String stream, final EntryId id, final String reason, final byte[] content)
            throws StreamException {
        final Block block = new Block(new UnsafeBuffer(content), 0, content.length);
        sessions.of(RedisKeys.REJECTED).call(Commands.reject(stream, id, reason, block, MAX_REJECTED));
    }

    @Override
    public void close() {
        sessions.close();
    }
}
