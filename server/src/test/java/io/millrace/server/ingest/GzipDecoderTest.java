package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.http.BodyBudget;
import io.millrace.server.http.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of every form, each of their bytes wrong, and more than may be. */
class GzipDecoderTest {
    private static final int MAX_BYTES = 1 << 17;
    private static final int BUDGET_BYTES = 1 << 20;
    private static final byte[] TEXT = "{\"user_id\":1,\"action\":\"a\",\"element\":\"e\"}".getBytes(UTF_8);
    private static final byte[] EMPTY = {};

    private final BodyBudget budget = new BodyBudget(BUDGET_BYTES);
    private final GzipDecoder decoder = new GzipDecoder(MAX_BYTES, budget);

    @AfterEach
    void close() {
        decoder.close();
        assertThat(budget.freeBytes()).as("what was taken is given back").isEqualTo(BUDGET_BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 8191, 8192, 8193, 32767, 32768, 32769, MAX_BYTES - 1, MAX_BYTES})
    void shouldDecodeAnyLengthAtAnyLevel(final int length) {
        for (int level = Deflater.NO_COMPRESSION; level <= Deflater.BEST_COMPRESSION; level++) {
            for (final byte[] content : new byte[][] {random(length, 256), random(length, 3)}) {
                assertDecodes(Gzip.member(content, 0, level), content);
            }
        }
    }

    @Test
    void shouldDecodeWhatTheJdkWrites() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes, 512, true)) {
            for (final byte b : TEXT) {
                out.write(b);
                out.flush();
            }
        }
        assertDecodes(bytes.toByteArray(), TEXT);
    }

    @Test
    void shouldSkipEveryFieldOfTheHeader() {
        for (int flags = 0; flags < 0x20; flags++) {
            assertDecodes(Gzip.member(TEXT, flags, Deflater.DEFAULT_COMPRESSION), TEXT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x40, 0x80, 0xE0})
    void shouldRefuseReservedFlags(final int flags) {
        assertRefused(Gzip.member(TEXT, flags, Deflater.DEFAULT_COMPRESSION));
    }

    @Test
    void shouldRefuseEveryPrefix() {
        final byte[] member = Gzip.member(TEXT, 0x1F, Deflater.DEFAULT_COMPRESSION);
        for (int length = 0; length < member.length; length++) {
            assertRefused(Arrays.copyOf(member, length));
        }
    }

    @Test
    void shouldNeverTakeAByteThatIsWrong() {
        for (final int flags : new int[] {0, 0x1F}) {
            final byte[] member = Gzip.member(TEXT, flags, Deflater.DEFAULT_COMPRESSION);
            int refused = 0;
            for (int bit = 0; bit < member.length * Byte.SIZE; bit++) {
                final byte[] flipped = member.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                final Refusal refusal = decode(flipped);
                if (refusal == null) {
                    // A time or an operating system that nobody looks at.
                    assertThat(taken()).isEqualTo(TEXT);
                } else {
                    assertThat(refusal).isEqualTo(Refusal.INVALID_ENCODING);
                    refused++;
                }
                decoder.release();
            }
            // With a checksum of its own no bit of the header is free either.
            assertThat(refused).isGreaterThanOrEqualTo(member.length * Byte.SIZE - (flags == 0 ? 49 : 0));
        }
    }

    @Test
    void shouldRefuseAWrongTrailer() {
        final byte[] head = Gzip.join(Gzip.header(0), Gzip.deflated(TEXT, Deflater.DEFAULT_COMPRESSION));
        final int checksum = Gzip.checksum(TEXT);
        assertDecodes(Gzip.join(head, Gzip.trailer(checksum, TEXT.length)), TEXT);
        assertRefused(Gzip.join(head, Gzip.trailer(checksum + 1, TEXT.length)));
        assertRefused(Gzip.join(head, Gzip.trailer(checksum, TEXT.length + 1)));
        assertRefused(Gzip.join(head, Gzip.trailer(checksum, -1)));
    }

    @Test
    void shouldRefuseWhatFollows() {
        final byte[] member = Gzip.member(TEXT);
        assertRefused(Gzip.join(member, new byte[1]));
        assertRefused(Gzip.join(member, new byte[512]));
        assertRefused(Gzip.join(member, TEXT));
        assertRefused(TEXT);
        assertRefused(EMPTY);
    }

    @Test
    void shouldJoinMembers() {
        final byte[] twice = Gzip.join(TEXT, TEXT);
        assertDecodes(Gzip.join(Gzip.member(TEXT), Gzip.member(TEXT, 0x1F, 1)), twice);
        assertDecodes(Gzip.join(Gzip.member(EMPTY), Gzip.member(TEXT), Gzip.member(EMPTY), Gzip.member(TEXT)), twice);
        assertRefused(Gzip.join(Gzip.member(TEXT), Arrays.copyOf(Gzip.member(TEXT), 20)));
    }

    @Test
    void shouldJoinMembersWhereverTheyBegin() {
        // Members that begin at every place around the edges of what is handed over at a time.
        final byte[] noise = random(8192, 256);
        for (int length = 8100; length < 8192; length++) {
            final byte[] first = Arrays.copyOf(noise, length);
            assertDecodes(
                    Gzip.join(Gzip.member(first, 0, 0), Gzip.member(TEXT, 0x1F, 9), Gzip.member(TEXT)),
                    Gzip.join(first, TEXT, TEXT));
        }
    }

    @Test
    void shouldJoinVeryManyMembers() {
        final byte[] one = Gzip.member(new byte[] {'x'});
        final byte[][] members = new byte[10_000][];
        Arrays.fill(members, one);
        final byte[] expected = new byte[members.length];
        Arrays.fill(expected, (byte) 'x');
        assertDecodes(Gzip.join(members), expected);
    }

    @Test
    void shouldStopAtTheBound() {
        assertThat(refusal(Gzip.member(new byte[MAX_BYTES + 1]))).isEqualTo(Refusal.DECODED_BODY_TOO_LARGE);
        assertThat(refusal(Gzip.join(Gzip.member(new byte[MAX_BYTES]), Gzip.member(new byte[1]))))
                .isEqualTo(Refusal.DECODED_BODY_TOO_LARGE);
        assertDecodes(Gzip.join(Gzip.member(new byte[MAX_BYTES]), Gzip.member(EMPTY)), new byte[MAX_BYTES]);
    }

    @Test
    void shouldTakeNoMoreForABombThanForTheLargestBody() {
        final byte[] bomb = Gzip.member(new byte[100 << 20], 0, Deflater.BEST_COMPRESSION);
        assertThat(bomb.length).isLessThan(MAX_BYTES);
        final BodyBudget bound = new BodyBudget(2 * MAX_BYTES);
        try (GzipDecoder bounded = new GzipDecoder(MAX_BYTES, bound)) {
            assertThat(bounded.decode(new UnsafeBuffer(bomb), 0, bomb.length))
                    .isEqualTo(Refusal.DECODED_BODY_TOO_LARGE);
            assertThat(bounded.length()).isLessThanOrEqualTo(MAX_BYTES);
            bounded.release();
        }
        assertThat(bound.freeBytes()).isEqualTo(2 * MAX_BYTES);
    }

    @Test
    void shouldReserveExactlyWhatAnHonestMemberSays() {
        final byte[] content = random(MAX_BYTES, 5);
        final byte[] member = Gzip.member(content);
        final BodyBudget exact = new BodyBudget(MAX_BYTES);
        try (GzipDecoder bounded = new GzipDecoder(MAX_BYTES, exact)) {
            assertThat(bounded.decode(new UnsafeBuffer(member), 0, member.length))
                    .isNull();
            assertThat(exact.freeBytes()).isZero();
            bounded.release();
        }
    }

    @Test
    void shouldReserveNothingForALieThatDeflateCannotTell() {
        final byte[] member =
                Gzip.join(Gzip.header(0), Gzip.deflated(EMPTY, 9), Gzip.trailer(Gzip.checksum(EMPTY), MAX_BYTES - 1));
        final BodyBudget small = new BodyBudget(MAX_BYTES - 2);
        try (GzipDecoder bounded = new GzipDecoder(MAX_BYTES, small)) {
            assertThat(bounded.decode(new UnsafeBuffer(member), 0, member.length))
                    .isEqualTo(Refusal.INVALID_ENCODING);
            bounded.release();
        }
    }

    @Test
    void shouldSayWhenThereIsNoMemory() {
        final byte[] large = Gzip.member(random(MAX_BYTES, 5));
        final byte[] growing = Gzip.join(Gzip.member(random(MAX_BYTES - 1, 5)), Gzip.member(new byte[1]));
        final BodyBudget small = new BodyBudget(MAX_BYTES - 1);
        try (GzipDecoder bounded = new GzipDecoder(MAX_BYTES, small)) {
            assertThat(bounded.decode(new UnsafeBuffer(large), 0, large.length)).isEqualTo(Refusal.OVERLOADED);
            bounded.release();
            assertThat(bounded.decode(new UnsafeBuffer(growing), 0, growing.length))
                    .isEqualTo(Refusal.OVERLOADED);
            bounded.release();
        }
        assertThat(small.freeBytes()).isEqualTo(MAX_BYTES - 1);
    }

    @Test
    void shouldDecodeAgainAfterEveryRefusal() {
        assertRefused(Arrays.copyOf(Gzip.member(TEXT), 15));
        assertDecodes(Gzip.member(TEXT), TEXT);
        assertThat(refusal(Gzip.member(new byte[MAX_BYTES + 1]))).isNotNull();
        assertDecodes(Gzip.member(TEXT), TEXT);
    }

    @Test
    void shouldSurviveAnything() {
        final SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 20_000; round++) {
            final byte[] bytes =
                    Gzip.member(random(random.nextInt(300), 1 + random.nextInt(256)), random.nextInt(32), 6);
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            final Refusal refusal = refusal(Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length + 4)));
            assertThat(refusal).isIn(null, Refusal.INVALID_ENCODING, Refusal.DECODED_BODY_TOO_LARGE);
        }
    }

    private void assertDecodes(final byte[] compressed, final byte[] content) {
        assertThat(decode(compressed)).isNull();
        assertThat(taken()).isEqualTo(content);
        decoder.release();
    }

    private void assertRefused(final byte[] compressed) {
        assertThat(refusal(compressed)).isEqualTo(Refusal.INVALID_ENCODING);
    }

    private Refusal refusal(final byte[] compressed) {
        final Refusal refusal = decode(compressed);
        decoder.release();
        return refusal;
    }

    /** In the middle of a buffer whose other bytes must not matter. */
    private Refusal decode(final byte[] compressed) {
        final byte[] around = new byte[compressed.length + 64];
        Arrays.fill(around, (byte) 0x1F);
        System.arraycopy(compressed, 0, around, 32, compressed.length);
        return decoder.decode(new UnsafeBuffer(around), 32, compressed.length);
    }

    private byte[] taken() {
        final byte[] content = new byte[decoder.length()];
        decoder.bytes().getBytes(0, content);
        return content;
    }

    private static byte[] random(final int length, final int values) {
        final SplittableRandom random = new SplittableRandom(length);
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt(values);
        }
        return bytes;
    }
}
