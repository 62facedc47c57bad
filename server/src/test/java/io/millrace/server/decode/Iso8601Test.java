package io.millrace.server.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Iso8601Test {
    private static long parse(final String text) {
        final byte[] bytes = text.getBytes(UTF_8);
        return Iso8601.parse(Windows.of(bytes), 0, bytes.length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1970-01-01T00:00:00Z|0",
                "1970-01-01T00:00Z|0",
                "1970-01-01t00:00:00z|0",
                "2026-01-01T00:00:00Z|1767225600000",
                "2026-01-01T00:00:00.1Z|1767225600100",
                "2026-01-01T00:00:00.12Z|1767225600120",
                "2026-01-01T00:00:00.123Z|1767225600123",
                "2026-01-01T00:00:00,123Z|1767225600123",
                "2026-01-01T00:00:00.1239999999999Z|1767225600123",
                "2026-01-01T00:00:00.0009Z|1767225600000",
                "2026-01-01T05:30:00+05:30|1767225600000",
                "2026-01-01T05:30:00+0530|1767225600000",
                "2026-01-01T05:00+05|1767225600000",
                "2025-12-31T19:00:00.5-05:00|1767225600500",
                "2026-01-01T00:00:00-00:00|1767225600000",
                "2026-01-01T23:59:00+23:59|1767225600000",
                "2024-02-29T00:00:00Z|1709164800000",
                "2000-02-29T00:00:00Z|951782400000",
                "0000-01-01T00:00:00Z|-62167219200000",
                "9999-12-31T23:59:59.999Z|253402300799999"
            })
    void shouldReadADateWithOffset(final String text, final long epochMillis) {
        assertThat(parse(text)).isEqualTo(epochMillis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026",
                "2026-01-01",
                "2026-01-01T00:00:00",
                "2026-01-01T00:00",
                "2026-01-01T00:00:00.Z",
                "2026-01-01T00:00:00.5",
                "2026-01-01T00:00:00.",
                "2026-01-01T00:00:Z",
                "2026-01-01T00:00:0Z",
                "2026-01-01T00:00:000Z",
                "2026-01-01T24:00:00Z",
                "2026-01-01T23:60:00Z",
                "2026-01-01T23:59:60Z",
                "2026-00-01T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-01-00T00:00:00Z",
                "2026-01-32T00:00:00Z",
                "2026-04-31T00:00:00Z",
                "2026-02-29T00:00:00Z",
                "2100-02-29T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "2024-02-30T00:00:00Z",
                "2026-01-01 00:00:00Z",
                "2026-01-01T00:00:00 Z",
                "2026-01-01T00:00:00ZZ",
                "2026-01-01T00:00:00Z ",
                " 2026-01-01T00:00:00Z",
                "2026-01-01T00:00:00+",
                "2026-01-01T00:00:00+1",
                "2026-01-01T00:00:00+24:00",
                "2026-01-01T00:00:00+01:60",
                "2026-01-01T00:00:00+01:0",
                "2026-01-01T00:00:00+01:000",
                "2026-01-01T00:00:00+01-00",
                "2026-01-01T00:00:00+010",
                "2026-01-01T00:00:00+01:00Z",
                "2026-01-01T00:00:00~01:00",
                "+2026-01-01T00:00:00Z",
                "-026-01-01T00:00:00Z",
                "20260101T000000Z",
                "2026-W01-1T00:00:00Z",
                "2026-001T00:00:00Z",
                "2O26-01-01T00:00:00Z",
                "2026-01-01T0a:00:00Z",
                "2026-1-01T00:00:00Z",
                "2026/01/01T00:00:00Z",
                "2026-01-01T00.00.00Z",
                "２026-01-01T00:00:00Z"
            })
    void shouldRefuseAnythingElse(final String text) {
        assertThat(parse(text)).isEqualTo(Iso8601.INVALID);
    }

    @Test
    void shouldAgreeWithJavaTimeOnEveryDay() {
        final LocalDate end = LocalDate.of(9999, 12, 31);
        for (LocalDate day = LocalDate.of(0, 1, 1); day.isBefore(end); day = day.plusDays(1)) {
            if (parse(day + "T00:00Z") != day.toEpochDay() * 86_400_000L) {
                throw new AssertionError(day);
            }
        }
    }

    @Test
    void shouldAgreeWithJavaTimeOnRandomDates() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50_000; i++) {
            final OffsetDateTime date = OffsetDateTime.of(
                    random.nextInt(0, 10_000),
                    random.nextInt(1, 13),
                    random.nextInt(1, 29),
                    random.nextInt(24),
                    random.nextInt(60),
                    random.nextInt(60),
                    random.nextInt(1_000_000_000),
                    ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1)));
            final String text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(date);
            if (parse(text) != date.toInstant().toEpochMilli()) {
                throw new AssertionError(text + ", seed " + seed);
            }
        }
    }

    @Test
    void shouldAgreeWithJavaTimeOnMutatedDates() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final String alphabet = "0123456789-:+.TZ";
        for (int i = 0; i < 100_000; i++) {
            final StringBuilder text = new StringBuilder("2024-02-28T23:59:59.250+01:30");
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                text.setCharAt(random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
            }
            if (random.nextInt(4) == 0) {
                text.setLength(random.nextInt(text.length()));
            }
            assertThat(parse(text.toString())).as("%s, seed %d", text, seed).isEqualTo(oracle(text.toString()));
        }
    }

    /** java.time, and beside it what the contract takes but its formatter does not. */
    static long oracle(final String given) {
        if (!given.matches("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d(:\\d\\d([.,]\\d+)?)?([Zz]|[+-]\\d\\d(:?\\d\\d)?)")) {
            return Iso8601.INVALID;
        }
        // java.time knows no more than nine digits of a second.
        final String text = given.toUpperCase(Locale.ROOT).replace(',', '.').replaceFirst("(\\.\\d{9})\\d+", "$1");
        final int offsetAt = Math.max(text.indexOf('Z'), Math.max(text.indexOf('+'), text.lastIndexOf('-')));
        try {
            final long local = OffsetDateTime.parse(text.substring(0, offsetAt) + "Z")
                    .toInstant()
                    .toEpochMilli();
            final String offset = text.substring(offsetAt + 1).replace(":", "");
            if (offset.isEmpty()) {
                return local;
            }
            final int hours = Integer.parseInt(offset.substring(0, 2));
            final int minutes = offset.length() == 4 ? Integer.parseInt(offset.substring(2)) : 0;
            if (hours > 23 || minutes > 59) {
                return Iso8601.INVALID;
            }
            final long offsetMillis = (hours * 60L + minutes) * 60_000L;
            return text.charAt(offsetAt) == '+' ? local - offsetMillis : local + offsetMillis;
        } catch (final DateTimeParseException e) {
            return Iso8601.INVALID;
        }
    }
}
