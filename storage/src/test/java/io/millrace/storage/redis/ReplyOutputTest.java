package io.millrace.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.RedisStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Replies as Redis sends them, whole and cut at every byte, through Lettuce's own parser. */
final class ReplyOutputTest {
    private static final String ENTRIES = resp("""
            *1 *2 $1 k *4
            *2 $3 1-2 *2 $1 b $5 first
            *2 $4 1-10 *4 $1 a $1 b $1 b $0 \"\"
            *2 $3 2-0 *2 $2 bb $1 x
            *2 $41 18446744073709551615-18446744073709551615 *2 $1 b $2 CRLF
            """);

    /** Each word a line of the protocol. */
    private static String resp(final String words) {
        final String lines = words.strip().replaceAll("\\s+", "\r\n") + "\r\n";
        return lines.replace("\"\"", "").replace("CRLF", "\r\n");
    }

    private static <T extends CommandOutput<String, Block, ?>> void decodeCutAnywhere(
            final String reply, final Supplier<T> newOutput, final Consumer<T> check) {
        final byte[] bytes = reply.getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut < bytes.length; cut++) {
            final T output = newOutput.get();
            final RedisStateMachine parser = new RedisStateMachine();
            final ByteBuf buffer = Unpooled.buffer();
            try {
                buffer.writeBytes(bytes, 0, cut);
                assertThat(parser.decode(buffer, output)).isFalse();
                buffer.writeBytes(bytes, cut, bytes.length - cut);
                assertThat(parser.decode(buffer, output)).isTrue();
            } finally {
                buffer.release();
            }
            check.accept(output);
        }
    }

    private static List<String> texts(final EntriesOutput entries) {
        final List<String> texts = new ArrayList<>();
        entries.forEach((generation, sequence, buffer, offset, length) -> texts.add(Long.toUnsignedString(generation)
                + '-'
                + Long.toUnsignedString(sequence)
                + '='
                + (length < 0 ? "none" : buffer.getStringWithoutLengthAscii(offset, length))));
        return texts;
    }

    @Test
    void shouldReadEntries() {
        decodeCutAnywhere(
                ENTRIES,
                () -> new EntriesOutput(4),
                entries -> assertThat(texts(entries))
                        .containsExactly(
                                "1-2=first", "1-10=", "2-0=none", "18446744073709551615-18446744073709551615=\r\n"));
    }

    @Test
    void shouldReadNoEntries() {
        decodeCutAnywhere(
                resp("*-1"),
                () -> new EntriesOutput(4),
                entries -> assertThat(entries.size()).isZero());
    }

    @Test
    void shouldReadOneReplyAfterTheOther() {
        final EntriesOutput entries = new EntriesOutput(4);
        for (final String reply : List.of(ENTRIES, resp("*-1"), ENTRIES)) {
            entries.reset();
            final ByteBuf buffer = Unpooled.copiedBuffer(reply, StandardCharsets.ISO_8859_1);
            new RedisStateMachine().decode(buffer, entries);
            buffer.release();
        }
        assertThat(texts(entries)).hasSize(4).startsWith("1-2=first");
        assertThat(entries.lastGeneration()).isEqualTo(-1);
        assertThat(entries.lastSequence()).isEqualTo(-1);
    }

    @Test
    void shouldReadATree() {
        decodeCutAnywhere(
                resp("*5 $1 a *2 *0 *2 :7 $-1 *-1 +OK :-3"),
                TreeOutput::new,
                tree -> assertThat(tree.get())
                        .isEqualTo(Arrays.asList("a", List.of(List.of(), Arrays.asList(7L, null)), null, "OK", -3L)));
    }

    @Test
    void shouldReadAScalar() {
        decodeCutAnywhere(
                resp(":1"), TreeOutput::new, tree -> assertThat(tree.get()).isEqualTo(1L));
    }

    @Test
    void shouldTellAnIdFromNil() {
        decodeCutAnywhere(
                resp("$3 1-1"),
                AppendOutput::new,
                reply -> assertThat(reply.get()).isTrue());
        decodeCutAnywhere(
                resp("$-1"), AppendOutput::new, reply -> assertThat(reply.get()).isFalse());
    }
}
