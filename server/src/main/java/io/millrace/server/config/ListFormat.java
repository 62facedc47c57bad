package io.millrace.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Texts of a certain shape, separated by commas, and what is made of them. The same form serves in all three places. */
record ListFormat<T>(String label, Pattern shape, int maxItems, String bounds, Function<List<String>, T> make)
        implements Format<T> {
    @Override
    public T parse(final String text) {
        final List<String> items = new ArrayList<>();
        for (final String item : text.split(",", -1)) {
            items.add(item.strip());
        }
        if (items.size() > maxItems
                || !items.stream().allMatch(item -> shape.matcher(item).matches())) {
            throw new IllegalArgumentException("must be " + bounds);
        }
        return make.apply(items);
    }
}
