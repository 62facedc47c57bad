package io.millrace.server.config;

import java.util.function.Function;
import java.util.regex.Pattern;

/** Text of a certain shape, and what is made of it. */
record TextFormat<T>(String label, Pattern shape, String bounds, Function<String, T> make) implements Format<T> {
    @Override
    public T parse(final String text) {
        if (!shape.matcher(text).matches()) {
            throw new IllegalArgumentException("must be " + bounds);
        }
        return make.apply(text);
    }
}
