package io.millrace.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class BinaryCopyWriterTest {
    private static final String HEADER = "5047434f50590aff0d0a00" + "00000000" + "00000000";

    private final BinaryCopyWriter writer = new BinaryCopyWriter();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Integer> chunks = new ArrayList<>();

    @Test
    void shouldWriteEachType() throws SQLException {
        writer.begin(this::collect);
        writer.startRow(5);
        writer.putInt(-2);
        writer.putTimestamp(946_684_800_001L);
        writer.putLong(Long.MIN_VALUE);
        putText("é");
        writer.startArray(BinaryCopyWriter.TEXT_OID, 1, 5);
        putText("a");
        writer.end();
        assertThat(HexFormat.of().formatHex(out.toByteArray()))
                .isEqualTo(HEADER
                        + "0005"
                        + "00000004fffffffe"
                        + "0000000800000000000003e8"
                        + "000000088000000000000000"
                        + "00000002c3a9"
                        + "00000019" + "00000001" + "00000000" + "00000019" + "00000001" + "00000001" + "0000000161"
                        + "ffff");
    }

    @Test
    void shouldPassOnFullChunksAndLoseNothingBetweenThem() throws SQLException {
        final byte[] text = "x".repeat(1_021).getBytes(UTF_8);
        writer.begin(this::collect);
        for (int row = 0; row < 1_000; row++) {
            writer.startRow(1);
            writer.putBytes(text, 0, text.length);
        }
        writer.end();
        assertThat(out.size()).isEqualTo(HEADER.length() / 2 + 1_000 * (2 + 4 + text.length) + 2);
        assertThat(chunks).hasSize(8);
        assertThat(chunks.subList(0, 7))
                .allSatisfy(length ->
                        assertThat(length).isBetween(BinaryCopyWriter.CHUNK_BYTES - 7, BinaryCopyWriter.CHUNK_BYTES));
    }

    @Test
    void shouldForgetACopyThatWasNotEnded() throws SQLException {
        writer.begin(this::collect);
        writer.putInt(1);
        writer.begin(this::collect);
        writer.end();
        assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo(HEADER + "ffff");
    }

    private void putText(final String text) throws SQLException {
        final byte[] utf8 = text.getBytes(UTF_8);
        writer.putBytes(utf8, 0, utf8.length);
    }

    private void collect(final byte[] bytes, final int offset, final int length) {
        out.write(bytes, offset, length);
        chunks.add(length);
    }
}
