package io.millrace.server.decode;

/**
 * A date and time of day with offset, in the extended format of ISO 8601:
 * {@code YYYY-MM-DDThh:mm[:ss[.fraction]](Z|±hh[[:]mm])}; {@code t} and {@code z} as RFC 3339 allows, a comma for the point
 * as ISO 8601 does.
 *
 * <p>The calendar is the proleptic Gregorian one. A fraction is cut off after milliseconds. Leap seconds ({@code :60}) and
 * {@code 24:00} are refused, as {@code java.time} does.
 */
final class Iso8601 {
    /** Returned for text that is no such date. */
    static final long INVALID = Long.MIN_VALUE;

    private static final int MINUTES_LENGTH = "YYYY-MM-DDThh:mm".length();
    private static final long MILLIS_PER_SECOND = 1_000L;
    private static final long MILLIS_PER_MINUTE = 60 * MILLIS_PER_SECOND;
    private static final long MILLIS_PER_HOUR = 60 * MILLIS_PER_MINUTE;
    private static final long MILLIS_PER_DAY = 24 * MILLIS_PER_HOUR;

    private Iso8601() {}

    /** Epoch milliseconds, or {@link #INVALID}. */
    static long parse(final Window text, final int start, final int end) {
        // The shortest has at least "Z" behind the minutes.
        if (end - start <= MINUTES_LENGTH || !hasSeparators(text, start)) {
            return INVALID;
        }
        final int century = digits2(text, start);
        final int yearOfCentury = digits2(text, start + 2);
        final int month = digits2(text, start + 5);
        final int day = digits2(text, start + 8);
        final int hour = digits2(text, start + 11);
        final int minute = digits2(text, start + 14);
        // A pair that is no number is negative, and so is then the disjunction.
        if ((century | yearOfCentury | month | day | hour | minute) < 0 || hour > 23 || minute > 59) {
            return INVALID;
        }
        final int year = century * 100 + yearOfCentury;
        if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
            return INVALID;
        }
        final long minutes =
                daysSinceEpoch(year, month, day) * MILLIS_PER_DAY + hour * MILLIS_PER_HOUR + minute * MILLIS_PER_MINUTE;
        return parseSeconds(text, start + MINUTES_LENGTH, end, minutes);
    }

    private static boolean hasSeparators(final Window text, final int start) {
        return text.byteAt(start + 4) == '-'
                && text.byteAt(start + 7) == '-'
                && (text.byteAt(start + 10) | 0x20) == 't'
                && text.byteAt(start + 13) == ':';
    }

    private static long parseSeconds(final Window text, final int start, final int end, final long minutes) {
        if (text.byteAt(start) != ':') {
            return parseOffset(text, start, end, minutes);
        }
        int at = start + 3;
        if (at >= end) {
            return INVALID;
        }
        final int second = digits2(text, start + 1);
        if (second < 0 || second > 59) {
            return INVALID;
        }
        long millis = minutes + second * MILLIS_PER_SECOND;
        final int point = text.byteAt(at);
        if (point == '.' || point == ',') {
            final int first = ++at;
            long weight = MILLIS_PER_SECOND;
            while (at < end && Ascii.isDigit(text.byteAt(at))) {
                weight /= 10;
                millis += weight * (text.byteAt(at++) - '0');
            }
            if (at == first || at == end) {
                return INVALID;
            }
        }
        return parseOffset(text, at, end, millis);
    }

    private static long parseOffset(final Window text, final int start, final int end, final long localMillis) {
        final int sign = text.byteAt(start);
        final int length = end - start;
        if ((sign | 0x20) == 'z') {
            return length == 1 ? localMillis : INVALID;
        }
        if ((sign != '+' && sign != '-') || length < 3) {
            return INVALID;
        }
        final int hours = digits2(text, start + 1);
        final int minutes;
        if (length == 3) {
            minutes = 0;
        } else if (length == 5) {
            minutes = digits2(text, start + 3);
        } else if (length == 6 && text.byteAt(start + 3) == ':') {
            minutes = digits2(text, start + 4);
        } else {
            return INVALID;
        }
        if ((hours | minutes) < 0 || hours > 23 || minutes > 59) {
            return INVALID;
        }
        final long offsetMillis = hours * MILLIS_PER_HOUR + minutes * MILLIS_PER_MINUTE;
        return sign == '+' ? localMillis - offsetMillis : localMillis + offsetMillis;
    }

    private static int digits2(final Window text, final int at) {
        final int tens = text.byteAt(at);
        final int ones = text.byteAt(at + 1);
        return Ascii.isDigit(tens) && Ascii.isDigit(ones) ? (tens - '0') * 10 + ones - '0' : -1;
    }

    private static int daysInMonth(final int year, final int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", {@code days_from_civil}; years begin in March. */
    private static long daysSinceEpoch(final int year, final int month, final int day) {
        final int shiftedYear = month <= 2 ? year - 1 : year;
        final int era = Math.floorDiv(shiftedYear, 400);
        final int yearOfEra = shiftedYear - era * 400;
        final int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        final int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468L;
    }
}
