package io.millrace.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccumulatorTest {
    private static final int BUDGET_BYTES = 1 << 20;
    private static final int USUAL_BYTES = 1 << 16;

    private final BodyBudget budget = new BodyBudget(BUDGET_BYTES);
    private final Accumulator bytes = new Accumulator(PooledByteBufAllocator.DEFAULT, budget, USUAL_BYTES);

    @AfterEach
    void close() {
        bytes.clear();
        assertThat(budget.freeBytes()).isEqualTo(BUDGET_BYTES);
    }

    @Test
    void shouldHoldWhatComesInOrder() {
        for (int i = 0; i < 3000; i++) {
            append(i, 7);
        }
        for (int i = 0; i < 3000; i++) {
            assertThat(bytes.view().getInt(i * 7)).isEqualTo(i);
        }
        assertThat(bytes.length()).isEqualTo(21_000);
        assertThat(held()).isBetween(21_000, 21_000 * 3 / 2);
    }

    @Test
    void shouldNotGrowAheadOfWhatIsUsual() {
        append(1, USUAL_BYTES - 10);
        append(2, 10);
        assertThat(held()).isEqualTo(USUAL_BYTES);
        append(3, 10);
        assertThat(held()).isEqualTo(USUAL_BYTES + 10);
    }

    @Test
    void shouldGiveBackWhatTheRestDoesNotNeed() {
        append(1, 60_000);
        append(2, 100);
        bytes.keep(60_000, 60_100);
        assertThat(held()).isEqualTo(1024);
        assertThat(bytes.view().getInt(0)).isEqualTo(2);
        append(3, 100);
        assertThat(bytes.view().getInt(100)).isEqualTo(3);
    }

    @Test
    void shouldKeepARestInPlaceIfItIsLargeOrThereIsNoMemoryToMoveIt() {
        append(1, 1000);
        append(2, 1000);
        bytes.keep(1000, 2000);
        assertThat(bytes.view().getInt(0)).isEqualTo(2);
        append(3, 50_000);
        final int held = held();
        assertThat(budget.tryTake(BUDGET_BYTES - held)).isTrue();
        bytes.keep(1000, 1100);
        assertThat(bytes.view().getInt(0)).isEqualTo(3);
        assertThat(bytes.length()).isEqualTo(100);
        budget.giveBack(BUDGET_BYTES - held);
        assertThat(held()).isEqualTo(held);
    }

    @Test
    void shouldChangeNothingIfThereIsNoMemory() {
        append(1, 1000);
        assertThat(budget.tryTake((int) budget.freeBytes())).isTrue();
        assertThat(bytes.tryReserve(1000)).isFalse();
        assertThat(bytes.length()).isEqualTo(1000);
        assertThat(bytes.view().getInt(0)).isEqualTo(1);
        budget.giveBack(BUDGET_BYTES - 1024);
    }

    private int held() {
        return (int) (BUDGET_BYTES - budget.freeBytes());
    }

    /** Appends so many bytes that begin with the number. */
    private void append(final int number, final int count) {
        final UnsafeBuffer piece = new UnsafeBuffer(new byte[count]);
        piece.putInt(0, number);
        assertThat(bytes.tryAppend(piece, 0, count)).isTrue();
    }
}
