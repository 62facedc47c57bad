package io.millrace.storage.postgres.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.postgres.query.HourCover.Piece;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HourCoverTest {
    @Test
    void shouldTakeWholeHoursFromTheRollUpAndBothEndsFromWindows() {
        assertThat(cover("10:20:30", "13:00:10"))
                .containsExactly(
                        piece(false, "10:20:30", "11:00:00"),
                        piece(true, "11:00:00", "13:00:00"),
                        piece(false, "13:00:00", "13:00:10"));
    }

    @Test
    void shouldTakeNothingButTheRollUpForWholeHours() {
        assertThat(cover("10:00:00", "12:00:00")).containsExactly(piece(true, "10:00:00", "12:00:00"));
    }

    @Test
    void shouldTakeWindowsWhereNoWholeHourIsIn() {
        assertThat(cover("10:00:10", "11:00:00")).containsExactly(piece(false, "10:00:10", "11:00:00"));
        assertThat(cover("10:59:50", "11:00:10")).containsExactly(piece(false, "10:59:50", "11:00:10"));
        assertThat(cover("10:00:00", "10:59:50")).containsExactly(piece(false, "10:00:00", "10:59:50"));
    }

    @Test
    void shouldCoverNothingByNothing() {
        assertThat(cover("10:00:00", "10:00:00")).isEmpty();
        assertThat(cover("10:00:10", "10:00:10")).isEmpty();
    }

    private static List<Piece> cover(final String from, final String to) {
        return HourCover.of(time(from), time(to));
    }

    private static Piece piece(final boolean hourly, final String from, final String to) {
        return new Piece(hourly, time(from), time(to));
    }

    private static Instant time(final String time) {
        return Instant.parse("2026-01-01T" + time + "Z");
    }
}
