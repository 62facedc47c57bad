package io.millrace.storage.redis;

import io.lettuce.core.protocol.AsyncCommand;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.EventStream;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.ship.StreamState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;

/**
 * A stream in Redis, with a connection of its own. Used by one thread only.
 *
 * <p>An append goes over the connection that the last {@link #resync()} used, or not at all: on a new one the stream
 * may hold something else.
 */
final class RedisEventStream implements EventStream {
    private final RedisSession session;
    private final String stream;
    private boolean isSynced;

    RedisEventStream(final RedisSession session, final String stream) {
        this.session = session;
        this.stream = stream;
    }

    @Override
    public StreamState resync() throws StreamException {
        isSynced = false;
        try {
            session.open();
            Answer answer = ask();
            if (!answer.isComplete()) {
                make(answer);
                answer = ask();
            }
            if (!answer.isComplete()) {
                throw new StreamException("the stream " + stream + " vanished while it was made");
            }
            isSynced = true;
            return new StreamState(answer.lastGenerated, answer.bookmark.get(), answer.isDurable);
        } catch (final ErrorReplyException e) {
            throw session.refused("resync of " + stream + ": " + e.getMessage(), e);
        }
    }

    /** What there is of the stream: {@code lastGenerated} is null if it does not exist. */
    private record Answer(EntryId lastGenerated, Optional<EntryId> bookmark, boolean isListed, boolean isDurable) {
        boolean isComplete() {
            return lastGenerated != null && bookmark.isPresent() && isListed;
        }
    }

    private Answer ask() throws StreamException, ErrorReplyException {
        final AsyncCommand<String, Block, Object> exists = Commands.async(Commands.exists(stream));
        final AsyncCommand<String, Block, Object> isListed = Commands.async(Commands.isListed(stream));
        final AsyncCommand<String, Block, Object> persistence = Commands.async(Commands.persistence());
        final AsyncCommand<String, Block, Object> describe = Commands.async(Commands.describe(stream));
        session.sendAll(List.of(exists, isListed, persistence, describe));

        final boolean streamExists = isOne(session.await(exists));
        final boolean streamIsListed = isOne(session.await(isListed));
        final boolean isDurable = isDurable(persistence);
        if (!streamExists) {
            return new Answer(null, Optional.empty(), streamIsListed, isDurable);
        }
        final Object reply = session.await(describe);
        return new Answer(StreamInfo.lastGenerated(reply), StreamInfo.bookmark(reply), streamIsListed, isDurable);
    }

    /** A Redis that forbids CONFIG, as managed ones do, promises nothing. */
    private boolean isDurable(final AsyncCommand<String, Block, Object> persistence) throws StreamException {
        try {
            return StreamInfo.isDurable(session.await(persistence));
        } catch (final ErrorReplyException forbidden) {
            return false;
        }
    }

    private void make(final Answer answer) throws StreamException, ErrorReplyException {
        final List<AsyncCommand<String, Block, Object>> commands = new ArrayList<>();
        if (!answer.isListed) {
            commands.add(Commands.async(Commands.enlist(stream)));
        }
        if (answer.bookmark.isEmpty()) {
            commands.add(Commands.async(Commands.createGroup(stream)));
        }
        session.sendAll(commands);
        for (final AsyncCommand<String, Block, Object> command : commands) {
            session.await(command);
        }
    }

    private static boolean isOne(final Object reply) {
        return Long.valueOf(1).equals(reply);
    }

    @Override
    public boolean append(final EntryId id, final DirectBuffer block, final int offset, final int length)
            throws StreamException {
        if (!isSynced || !session.isOpen()) {
            isSynced = false;
            throw new StreamException("the connection for " + stream + " is gone: resync first");
        }
        final Block sent = new Block(block, offset, length);
        try {
            return session.await(session.send(Commands.append(stream, id, sent)));
        } catch (final ErrorReplyException e) {
            isSynced = false;
            throw session.refused("append of " + id + " to " + stream + ": " + e.getMessage(), e);
        } catch (final StreamException e) {
            isSynced = false;
            throw e;
        } finally {
            sent.abandon();
        }
    }

    @Override
    public EntryId bookmark() throws StreamException {
        isSynced = isSynced && session.isOpen();
        return StreamInfo.bookmarkOf(session.call(Commands.groups(stream)))
                .orElseThrow(() -> new StreamException("the stream " + stream + " has no group " + RedisKeys.GROUP));
    }

    @Override
    public void remove() throws StreamException {
        isSynced = false;
        // The name goes last: a failure in between leaves it listed, and the next try finds it.
        session.call(Commands.delete(stream));
        session.call(Commands.delist(stream));
    }

    @Override
    public void close() {
        session.close();
    }
}
