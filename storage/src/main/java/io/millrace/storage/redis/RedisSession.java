package io.millrace.storage.redis;

import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.millrace.pipeline.ship.StreamException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to one server, opened by {@link #open()} and dropped by any call that gets no answer. Used by one thread
 * only.
 *
 * <ol>
 *   <li>A command is sent once or not at all; one without an answer may have been carried out.
 *   <li>No call takes longer than the connect or the command timeout of {@link RedisOptions}.
 *   <li>A connection on which an answer is missing is never used again: a late one would be taken for that of the next.
 * </ol>
 */
final class RedisSession implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(RedisSession.class);

    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RedisConnector connector;
    private final RedisNode node;
    private final boolean isSentinel;
    private final long commandTimeoutNanos;
    private StatefulRedisConnection<String, Block> connection;
    private int openings;
    private long deadlineNanos;

    /** A session with a server of Redis. */
    RedisSession(final RedisConnector connector, final RedisNode node) {
        this(connector, node, false);
    }

    private RedisSession(final RedisConnector connector, final RedisNode node, final boolean isSentinel) {
        this.connector = connector;
        this.node = node;
        this.isSentinel = isSentinel;
        this.commandTimeoutNanos = connector.options().commandTimeout().toNanos();
    }

    static RedisSession toSentinel(final RedisConnector connector, final RedisNode sentinel) {
        return new RedisSession(connector, sentinel, true);
    }

    /** Whether there is a connection that has not ended, as far as is known here by now. */
    boolean isOpen() {
        if (connection != null) {
            connector.poll();
        }
        return connection != null && connection.isOpen();
    }

    /** How often it was connected: what was asked on a connection holds for that one only. */
    int openings() {
        return openings;
    }

    /** Connects, unless there is a connection already. */
    void open() throws StreamException, ErrorReplyException {
        if (isOpen()) {
            return;
        }
        drop();
        final ConnectionFuture<StatefulRedisConnection<String, Block>> opening =
                isSentinel ? connector.connectToSentinel(node) : connector.connect(node);
        try {
            connection = connector.await(
                    opening, connector.options().connectTimeout().toNanos());
            openings++;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamException(describe("interrupted while connecting"), e);
        } catch (final TimeoutException e) {
            throw new StreamException(
                    describe("no connection within "
                            + connector.options().connectTimeout().toMillis() + " ms"),
                    e);
        } catch (final ExecutionException | CancellationException e) {
            final Throwable cause = rootCause(e);
            if (cause instanceof RedisCommandExecutionException) {
                throw new ErrorReplyException(cause.getMessage(), e);
            }
            throw new StreamException(describe("no connection: " + cause.getMessage()), e);
        } finally {
            if (connection == null) {
                final Object unused = opening.thenAccept(RedisSession::close);
            }
        }
    }

    /** Sends one command and waits for its answer, connecting first where needed. Any error drops the connection. */
    <T> T call(final Command<String, Block, T> command) throws StreamException {
        try {
            open();
            return await(send(command));
        } catch (final ErrorReplyException e) {
            throw refused(command.getType() + ": " + e.getMessage(), e);
        }
    }

    /** Puts one command on the open connection. */
    <T> AsyncCommand<String, Block, T> send(final Command<String, Block, T> command) {
        final AsyncCommand<String, Block, T> sent = new AsyncCommand<>(command);
        startClock();
        connection.dispatch(sent);
        return sent;
    }

    /** Puts several commands on the open connection, in one write. */
    void sendAll(final List<? extends AsyncCommand<String, Block, ?>> commands) {
        startClock();
        connection.dispatch(commands);
    }

    private void startClock() {
        deadlineNanos = System.nanoTime() + commandTimeoutNanos;
    }

    /** Waits for the answer to a command sent last; the time limit is that of the sending. */
    <T> T await(final AsyncCommand<String, Block, T> command) throws StreamException, ErrorReplyException {
        try {
            return connector.await(command, Math.max(deadlineNanos - System.nanoTime(), 0));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw lost(command.getType() + ": interrupted", e);
        } catch (final TimeoutException e) {
            final long limitMillis = TimeUnit.NANOSECONDS.toMillis(commandTimeoutNanos);
            throw lost(command.getType() + ": no answer within " + limitMillis + " ms", e);
        } catch (final ExecutionException | CancellationException e) {
            final Throwable cause = rootCause(e);
            if (cause instanceof RedisCommandExecutionException) {
                throw new ErrorReplyException(cause.getMessage(), e);
            }
            throw lost(command.getType() + ": " + cause.getMessage(), e);
        }
    }

    /** What to throw for an answer that is an error nobody expected; the connection is dropped. */
    StreamException refused(final String what, final Throwable cause) {
        return lost(what, cause);
    }

    private StreamException lost(final String what, final Throwable cause) {
        drop();
        return new StreamException(describe(what), cause);
    }

    private String describe(final String what) {
        return (isSentinel ? "Sentinel " : "redis ") + node + ": " + what;
    }

    private static Throwable rootCause(final Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Gives the connection up without waiting for its end. */
    void drop() {
        if (connection != null) {
            close(connection);
            connection = null;
        }
    }

    /** Nothing waits for the end of a connection; its socket is closed even if the other side is stalled. */
    private static void close(final StatefulRedisConnection<String, Block> connection) {
        final Object unused = connection.closeAsync();
    }

    /** Closes the connection and waits for its end: closing the client while that is under way makes Lettuce warn. */
    @Override
    public void close() {
        if (connection == null) {
            return;
        }
        final CompletableFuture<Void> closing = connection.closeAsync();
        connection = null;
        try {
            connector.await(closing, CLOSE_NANOS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final TimeoutException | ExecutionException | CancellationException e) {
            LOGGER.debug("{}", describe("the connection did not close"), e);
        }
    }
}
