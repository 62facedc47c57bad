package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.pipeline.AckLevel;
import io.millrace.server.decode.QueryParameter;
import io.millrace.server.decode.RejectionCode;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The parameter {@code ack} of a query string: the level that a request asks for.
 *
 * <p>Not thread-safe: one per event loop. Allocates nothing but for a refusal.
 */
final class AckParameter {
    private static final int MAX_SHOWN_BYTES = 32;

    private final QueryParameter parameter = new QueryParameter("ack");
    private final AckLevel level;
    private final AckLevel max;
    private final AckLevel[] levels;
    private final byte[][] words;
    private final String remedy;

    AckParameter(final AckSettings settings) {
        level = settings.level();
        max = settings.max();
        levels = Arrays.copyOf(AckLevel.values(), max.ordinal() + 1);
        words = new byte[levels.length][];
        for (final AckLevel choice : levels) {
            words[choice.ordinal()] = choice.word().getBytes(US_ASCII);
        }
        final String choices = Arrays.stream(levels).map(AckLevel::word).collect(Collectors.joining(", "));
        remedy = "choose one of " + choices + "; this server's --ack-max is " + max.word();
    }

    /** The level of a request that asks for none. */
    AckLevel level() {
        return level;
    }

    /** The level that is asked for; null if it is none, or too high. */
    AckLevel read(final UnsafeBuffer buffer, final int from, final int to) {
        if (!parameter.find(buffer, from, to)) {
            return level;
        }
        for (final AckLevel choice : levels) {
            if (isWord(buffer, words[choice.ordinal()])) {
                return choice;
            }
        }
        return null;
    }

    /** The body of the reply to a request whose level was refused by {@link #read}, which the buffer still holds. */
    byte[] refusal(final UnsafeBuffer buffer) {
        final StringBuilder value = new StringBuilder();
        final int length = parameter.end() - parameter.start();
        for (int i = 0; i < Math.min(length, MAX_SHOWN_BYTES); i++) {
            final int next = buffer.getByte(parameter.start() + i) & 0xFF;
            final boolean asItIs = next > ' ' && next < 0x7F && next != '"' && next != '\\' && next != '<';
            value.append(asItIs ? Character.toString(next) : String.format("\\u%04x", next));
        }
        value.append(length > MAX_SHOWN_BYTES ? "..." : "");
        return ("{\"error\":\"" + RejectionCode.INVALID_ACK.code() + "\",\"message\":\"ack=" + value + ": " + remedy
                        + "\"}")
                .getBytes(US_ASCII);
    }

    private boolean isWord(final UnsafeBuffer buffer, final byte[] word) {
        if (parameter.end() - parameter.start() != word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (buffer.getByte(parameter.start() + i) != word[i]) {
                return false;
            }
        }
        return true;
    }
}
