package io.millrace.storage.redis;

import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.EventStream;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.ship.StreamState;
import io.millrace.pipeline.ship.UnconfirmedException;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream in Redis, with a connection of its own to the master that has it. Used by one thread only, which moves the bytes of that
 * connection itself: an answer at the level {@code stream} waits for each thread that a block and its reply are handed to.
 *
 * <p>An append goes over the connection that the last {@link #resync()} used, or not at all: on a new one the stream
 * may hold something else. Where replicas have to confirm, {@code WAIT} goes in the same write as the {@code XADD}: one
 * round trip more for Redis and its replicas, none for the shipper.
 */
final class RedisEventStream implements EventStream {
    private static final Logger LOGGER = LoggerFactory.getLogger(RedisEventStream.class);

    private final RedisConnector connector;
    private final RedisSessions sessions;
    private final String stream;
    private final int waitReplicas;
    private final long waitMillis;
    private final boolean mayFailOver;
    private RedisSession session;
    private int syncedOpening;
    private boolean isSynced;
    private boolean isEvictionReported;

    RedisEventStream(final RedisConnector shared, final String stream) {
        this.connector = shared.ofCaller();
        this.sessions = new RedisSessions(connector);
        this.stream = stream;
        this.waitReplicas = connector.options().waitReplicas();
        this.waitMillis = connector.options().waitTimeout().toMillis();
        this.mayFailOver = connector.uri().kind() != RedisUri.Kind.STANDALONE;
    }

    @Override
    public StreamState resync() throws StreamException {
        isSynced = false;
        try {
            sessions.lookAgain();
            session = sessions.of(stream);
            syncedOpening = session.openings();
            Answer answer = ask();
            if (!answer.isComplete()) {
                make(answer);
                answer = ask();
            }
            if (!answer.isComplete()) {
                throw new StreamException("the stream " + stream + " vanished while it was made");
            }
            if (waitReplicas > 0) {
                confirm(answer.lastGenerated);
            }
            isSynced = true;
            return new StreamState(answer.lastGenerated, answer.bookmark.get(), answer.isDurable);
        } catch (final ErrorReplyException e) {
            sessions.drop();
            throw new StreamException("resync of " + stream + ": " + e.getMessage(), e);
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
        final AsyncCommand<String, Block, Object> persistence = Commands.async(Commands.persistence());
        final AsyncCommand<String, Block, Object> memory = Commands.async(Commands.memory());
        final AsyncCommand<String, Block, Object> describe = Commands.async(Commands.describe(stream));
        session.sendAll(List.of(exists, persistence, memory, describe));

        final boolean streamExists = isOne(session.await(exists));
        final boolean isOnDisk = isOnDisk(persistence);
        final boolean evictsNothing = evictsNothing(memory);
        // What a master has on its disk is of no use when a replica that has not got it takes its place.
        final boolean isDurable = isOnDisk && evictsNothing && (waitReplicas > 0 || !mayFailOver);
        final Object reply = streamExists ? session.await(describe) : null;
        final RedisSession listing = sessions.of(RedisKeys.STREAMS);
        final boolean isListed = isOne(listing.await(listing.send(Commands.isListed(stream))));
        return streamExists
                ? new Answer(StreamInfo.lastGenerated(reply), StreamInfo.bookmark(reply), isListed, isDurable)
                : new Answer(null, Optional.empty(), isListed, isDurable);
    }

    /** A Redis that forbids CONFIG, as managed ones do, promises nothing. */
    private boolean isOnDisk(final AsyncCommand<String, Block, Object> persistence) throws StreamException {
        try {
            return StreamInfo.isDurable(session.await(persistence));
        } catch (final ErrorReplyException forbidden) {
            return false;
        }
    }

    /** It was so at the start; but this may be a replica of then. */
    private boolean evictsNothing(final AsyncCommand<String, Block, Object> memory) throws StreamException {
        try {
            final String policy = new RedisInfo((String) session.await(memory)).get("maxmemory_policy");
            if (policy.equals("noeviction")) {
                return true;
            }
            if (!isEvictionReported) {
                isEvictionReported = true;
                LOGGER.error(
                        "{}: its master has maxmemory_policy '{}' and may drop events: run CONFIG SET maxmemory-policy"
                                + " noeviction on every master and replica",
                        stream,
                        policy);
            }
            return false;
        } catch (final ErrorReplyException forbidden) {
            return false;
        }
    }

    /** What the stream holds may have been written over other connections, of which WAIT knows nothing: a write is needed. */
    private void confirm(final EntryId last) throws StreamException, ErrorReplyException {
        final AsyncCommand<String, Block, Object> write = Commands.async(Commands.setLast(stream, last));
        final AsyncCommand<String, Block, Object> confirmed =
                Commands.async(Commands.awaitReplicas(waitReplicas, waitMillis));
        session.sendAll(List.of(write, confirmed));
        session.await(write);
        requireConfirmed("what it holds", session.await(confirmed));
    }

    private void requireConfirmed(final String what, final Object replicas) throws UnconfirmedException {
        if ((Long) replicas < waitReplicas) {
            throw new UnconfirmedException(what + " was confirmed by " + replicas + " of " + waitReplicas
                    + " replicas within " + waitMillis + " ms");
        }
    }

    private void make(final Answer answer) throws StreamException, ErrorReplyException {
        if (answer.bookmark.isEmpty()) {
            session.await(session.send(Commands.createGroup(stream)));
        }
        if (!answer.isListed) {
            final RedisSession listing = sessions.of(RedisKeys.STREAMS);
            listing.await(listing.send(Commands.enlist(stream)));
        }
    }

    @Override
    public boolean claim(final long journalId) throws StreamException {
        final EntryId own = new EntryId(journalId, 0);
        final Optional<EntryId> owner = owner();
        if (owner.isPresent()) {
            return owner.get().equals(own);
        }
        // Redis takes the first of two that come here at once, and refuses the other, which then asks again.
        sessions.of(stream).call(Commands.createOwner(stream, own));
        return true;
    }

    private Optional<EntryId> owner() throws StreamException {
        return StreamInfo.ownerOf(sessions.of(stream).call(Commands.groups(stream)));
    }

    private static boolean isOne(final Object reply) {
        return Long.valueOf(1).equals(reply);
    }

    @Override
    public boolean append(final EntryId id, final DirectBuffer block, final int offset, final int length)
            throws StreamException {
        if (!isSynced || !session.isOpen() || session.openings() != syncedOpening) {
            isSynced = false;
            throw new StreamException("the connection for " + stream + " is gone: resync first");
        }
        final Block sent = new Block(block, offset, length);
        boolean isAppended = false;
        try {
            final Command<String, Block, Boolean> append = Commands.append(stream, id, sent);
            isAppended = waitReplicas == 0 ? session.await(session.send(append)) : appendAndConfirm(id, append);
            return isAppended;
        } catch (final ErrorReplyException e) {
            throw session.refused("append of " + id + " to " + stream + ": " + e.getMessage(), e);
        } finally {
            isSynced = isAppended;
            sent.abandon();
        }
    }

    private boolean appendAndConfirm(final EntryId id, final Command<String, Block, Boolean> append)
            throws StreamException, ErrorReplyException {
        final AsyncCommand<String, Block, Boolean> appended = new AsyncCommand<>(append);
        final AsyncCommand<String, Block, Object> confirmed =
                Commands.async(Commands.awaitReplicas(waitReplicas, waitMillis));
        session.sendAll(List.of(appended, confirmed));
        if (!session.await(appended)) {
            return false;
        }
        requireConfirmed("entry " + id, session.await(confirmed));
        return true;
    }

    @Override
    public EntryId bookmark() throws StreamException {
        return StreamInfo.bookmarkOf(sessions.of(stream).call(Commands.groups(stream)))
                .orElseThrow(() -> new StreamException("the stream " + stream + " has no group " + RedisKeys.GROUP));
    }

    @Override
    public void remove() throws StreamException {
        isSynced = false;
        // The name goes last: a failure in between leaves it listed, and the next try finds it.
        sessions.of(stream).call(Commands.delete(stream));
        sessions.of(RedisKeys.STREAMS).call(Commands.delist(stream));
    }

    @Override
    public void close() {
        sessions.close();
        connector.closeOfCaller();
    }
}
