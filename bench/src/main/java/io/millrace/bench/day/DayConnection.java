package io.millrace.bench.day;

import io.millrace.bench.load.Reply;
import io.millrace.bench.load.ReplyException;
import io.millrace.bench.load.ReplyHeads;
import io.millrace.bench.load.ReplyScanner;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.BitSet;

/**
 * One connection of the generator, with the burst that it has on its way. Not thread-safe, but for {@link #close()}.
 *
 * <p>A request that the server sheds is still there, and is sent again as it was.
 */
final class DayConnection implements AutoCloseable, ReplyScanner.Sink {
    private static final int READ_BYTES = 1 << 16;
    private static final int ACCEPTED = 202;
    private static final int OVERLOADED = 503;

    private final SocketChannel channel;
    private final Burst burst;
    private final int batch;
    private final ReplyScanner scanner;
    private final ByteBuffer received = ByteBuffer.allocate(READ_BYTES);
    /** Requests of the burst that have to be answered, in the order in which they were sent. */
    private final int[] sent;

    private final BitSet shed = new BitSet();
    private int sentCount;
    private int answered;

    DayConnection(
            final InetSocketAddress address,
            final Burst burst,
            final int requests,
            final int batch,
            final ReplyHeads heads)
            throws IOException {
        this.burst = burst;
        this.batch = batch;
        scanner = new ReplyScanner(heads);
        sent = new int[requests];
        channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    Burst burst() {
        return burst;
    }

    /** Sends the first requests of the burst. Those before are answered. */
    void send(final int requests) throws IOException {
        begin();
        write(0, requests);
    }

    /** Sends again what was shed. */
    void sendShed() throws IOException {
        begin();
        for (int first = shed.nextSetBit(0); first >= 0; first = shed.nextSetBit(first)) {
            final int last = shed.nextClearBit(first);
            write(first, last);
            shed.clear(first, last);
        }
    }

    private void begin() {
        sentCount = 0;
        answered = 0;
    }

    private void write(final int first, final int last) throws IOException {
        for (int request = first; request < last; request++) {
            sent[sentCount++] = request;
        }
        final ByteBuffer bytes = burst.requests(first, last);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Waits until all that was sent is answered.
     *
     * @return how many requests were shed
     * @throws IOException if one was answered otherwise, or the connection ends
     */
    int awaitReplies() throws IOException {
        while (answered < sentCount) {
            received.clear();
            if (channel.read(received) < 0) {
                throw new EOFException("the server has closed a connection");
            }
            try {
                scanner.scan(received.array(), 0, received.position(), this);
            } catch (final ReplyException e) {
                throw new IOException("no reply: " + e.getMessage(), e);
            }
        }
        return shed.cardinality();
    }

    @Override
    public void reply(final Reply reply) throws ReplyException {
        if (answered == sentCount) {
            throw new ReplyException("one to no request, status " + reply.status());
        }
        if (reply.status() == OVERLOADED) {
            shed.set(sent[answered]);
        } else if (reply.status() != ACCEPTED || reply.accepted(batch) != batch) {
            throw new ReplyException("not all accepted: " + reply.status() + ' ' + reply.body());
        }
        answered++;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
