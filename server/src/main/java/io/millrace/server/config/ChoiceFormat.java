package io.millrace.server.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** One of an enum's constants, in lower case. */
record ChoiceFormat<E extends Enum<E>>(Class<E> type, String label) implements Format<E> {
    @Override
    public E parse(final String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(choice -> nameOf(choice).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be " + bounds()));
    }

    @Override
    public String bounds() {
        return Arrays.stream(type.getEnumConstants()).map(ChoiceFormat::nameOf).collect(Collectors.joining(", "));
    }

    private static String nameOf(final Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
