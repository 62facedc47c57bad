package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.pipeline.AckLevel;
import io.netty.buffer.ByteBuf;

/**
 * Writes into replies that have waited too long how far their events have got: {@code "ack":"journal"} as the last member of a
 * JSON object, the field {@code X-Ack: journal} before any other body.
 */
final class LateReplies {
    private LateReplies() {}

    /**
     * Copies replies, and adds to the late ones.
     *
     * @param ready the replies, which are released
     * @param first the first held one of them
     * @param end the first held one behind them, or null
     */
    static ByteBuf rewrite(final ByteBuf ready, final HeldReply first, final HeldReply end) {
        final ByteBuf out = ready.alloc().directBuffer(2 * ready.readableBytes());
        for (HeldReply reply = first; reply != end; reply = reply.behind) {
            out.writeBytes(ready, reply.before);
            if (reply.late == null) {
                out.writeBytes(ready, reply.length);
            } else if (reply.json) {
                rewriteJson(ready, reply, out);
            } else {
                out.writeBytes(ready, reply.lengthFieldEnd);
                out.writeCharSequence("X-Ack: " + reply.late.word() + "\r\n", US_ASCII);
                out.writeBytes(ready, reply.length - reply.lengthFieldEnd);
            }
        }
        out.writeBytes(ready);
        ready.release();
        return out;
    }

    private static void rewriteJson(final ByteBuf ready, final HeldReply reply, final ByteBuf out) {
        final String member = member(reply.late);
        final int start = ready.readerIndex();
        final int digitsEnd = reply.lengthFieldEnd - 2;
        int digits = digitsEnd;
        while (ready.getByte(start + digits - 1) != ' ') {
            digits--;
        }
        final int length = Integer.parseInt(ready.toString(start + digits, digitsEnd - digits, US_ASCII));
        out.writeBytes(ready, digits);
        out.writeCharSequence(Integer.toString(length + member.length()), US_ASCII);
        ready.skipBytes(digitsEnd - digits);
        out.writeBytes(ready, reply.length - digitsEnd - 1);
        out.writeCharSequence(member, US_ASCII);
        out.writeBytes(ready, 1);
    }

    private static String member(final AckLevel level) {
        return ",\"ack\":\"" + level.word() + '"';
    }
}
