package io.millrace.bench.ack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LevelCostTest {
    private static final LevelCost SLOW = new LevelCost(30, 100, 1);
    private static final LevelCost MIDDLE = new LevelCost(20, 300, 2);
    private static final LevelCost FAST = new LevelCost(10, 200, 3);

    @Test
    void shouldTakeTheMedianOfEachFigureByItself() {
        assertThat(LevelCost.median(List.of(SLOW, FAST, MIDDLE))).isEqualTo(new LevelCost(20, 200, 2));
        assertThat(LevelCost.median(List.of(SLOW, FAST))).isEqualTo(new LevelCost(20, 150, 2));
        assertThat(LevelCost.median(List.of(FAST))).isEqualTo(FAST);
    }
}
