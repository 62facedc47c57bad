package io.millrace.bench.tool;

/**
 * How the text of an option becomes its value.
 *
 * @param <T> the value
 */
public interface Kind<T> {
    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException if the text is no such value; the message completes "--key=value: …"
     */
    T parse(String text);

    /** What the text looks like, for the help: {@code N}. Empty for a flag, which needs none. */
    String label();

    /** The bounds and the unit, for the help and for errors. */
    String bounds();
}
