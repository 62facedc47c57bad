package io.millrace.server.config;

/**
 * How the text of an option becomes its value.
 *
 * @param <T> the value
 */
interface Format<T> {
    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException if the text is no such value; the message completes "--key=value: …"
     */
    T parse(String text);

    /** What the text looks like, for the help: {@code SIZE}. */
    String label();

    /** The bounds and the unit, for the help and for errors: {@code 1s to 1h}. */
    String bounds();
}
