package io.millrace.bench.tool;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of options that there are. */
public final class Kinds {
    private Kinds() {}

    /** A whole number. */
    public static Kind<Long> count(final long min, final long max) {
        return new Count(min, max);
    }

    /** A number that may have decimals. */
    public static Kind<Double> decimal(final double min, final double max) {
        return new Decimal(min, max);
    }

    /** A span of time, always with its unit. */
    public static Kind<Duration> time(final Duration min, final Duration max) {
        return new Time(min, max);
    }

    /** One of an enum's constants, in lower case. */
    public static <E extends Enum<E>> Kind<E> choice(final Class<E> type, final String label) {
        return new Choice<>(type, label);
    }

    /** Text of a certain shape, and what is made of it. */
    public static <T> Kind<T> text(
            final String label, final Pattern shape, final String bounds, final Function<String, T> make) {
        return new Text<>(label, shape, bounds, make);
    }

    /** A path, whatever is there. */
    public static Kind<Path> path(final String label) {
        return text(label, Pattern.compile(".+"), "a path", Path::of);
    }

    /** On if it is named, off if not. */
    public static Kind<Boolean> flag() {
        return new Flag();
    }

    private record Count(long min, long max) implements Kind<Long> {
        private static final Pattern SYNTAX = Pattern.compile("-?[0-9]{1,18}");

        @Override
        public Long parse(final String text) {
            if (!SYNTAX.matcher(text).matches()) {
                throw new IllegalArgumentException("must be a whole number, " + bounds());
            }
            final long number = Long.parseLong(text);
            if (number < min || number > max) {
                throw new IllegalArgumentException("must be " + bounds());
            }
            return number;
        }

        @Override
        public String label() {
            return "N";
        }

        @Override
        public String bounds() {
            return min + " to " + max;
        }
    }

    private record Decimal(double min, double max) implements Kind<Double> {
        private static final Pattern SYNTAX = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

        @Override
        public Double parse(final String text) {
            if (!SYNTAX.matcher(text).matches()) {
                throw new IllegalArgumentException("must be a number such as 1.0, " + bounds());
            }
            final double number = Double.parseDouble(text);
            if (number < min || number > max) {
                throw new IllegalArgumentException("must be " + bounds());
            }
            return number;
        }

        @Override
        public String label() {
            return "X";
        }

        @Override
        public String bounds() {
            return show(min) + " to " + show(max);
        }

        private static String show(final double number) {
            return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
        }
    }

    private record Time(Duration min, Duration max) implements Kind<Duration> {
        private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9})\\s*(us|ms|s|m|h)");

        @Override
        public Duration parse(final String text) {
            final Matcher matcher = SYNTAX.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("not a time; write it with its unit as 50us, 100ms, 10s, 5m or 1h");
            }
            final long amount = Long.parseLong(matcher.group(1));
            final Duration duration = switch (matcher.group(2)) {
                case "us" -> Duration.ofNanos(amount * 1000);
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
            if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
                throw new IllegalArgumentException("must be " + bounds());
            }
            return duration;
        }

        @Override
        public String label() {
            return "TIME";
        }

        @Override
        public String bounds() {
            return show(min) + " to " + show(max);
        }

        private static String show(final Duration duration) {
            if (duration.toNanos() % 1_000_000 != 0) {
                return duration.toNanos() / 1000 + "us";
            }
            final long millis = duration.toMillis();
            if (millis % 1000 != 0) {
                return millis + "ms";
            }
            final long seconds = duration.toSeconds();
            return seconds % 3600 == 0 && seconds > 0 ? seconds / 3600 + "h" : seconds + "s";
        }
    }

    private record Choice<E extends Enum<E>>(Class<E> type, String label) implements Kind<E> {
        @Override
        public E parse(final String text) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(choice -> nameOf(choice).equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("must be one of " + bounds()));
        }

        @Override
        public String bounds() {
            return Arrays.stream(type.getEnumConstants()).map(Choice::nameOf).collect(Collectors.joining(", "));
        }

        private static String nameOf(final Enum<?> choice) {
            return choice.name().toLowerCase(Locale.ROOT);
        }
    }

    private record Text<T>(String label, Pattern shape, String bounds, Function<String, T> make) implements Kind<T> {
        @Override
        public T parse(final String text) {
            if (!shape.matcher(text).matches()) {
                throw new IllegalArgumentException("must be " + bounds);
            }
            return make.apply(text);
        }
    }

    private record Flag() implements Kind<Boolean> {
        @Override
        public Boolean parse(final String text) {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException("must be " + bounds());
            }
            return Boolean.valueOf(text);
        }

        @Override
        public String label() {
            return "";
        }

        @Override
        public String bounds() {
            return "true or false";
        }
    }
}
