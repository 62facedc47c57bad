package io.millrace.server.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One option: {@code --name} on the command line, {@code MILLRACE_NAME} in the environment, {@code name} in a properties
 * file.
 *
 * @param name in lower case, words joined by a hyphen
 * @param fallback the text that holds if none is given; empty if there is none
 * @param shownDefault what the help says in place of a fallback that depends on the machine or is none
 * @param format how the text becomes the value
 * @param description for the help; one sentence without a full stop
 * @param secret whether the value may hold a password and is never shown
 * @param <T> the value
 */
record Setting<T>(
        String name,
        Optional<String> fallback,
        String shownDefault,
        Format<T> format,
        String description,
        boolean secret) {

    static <T> Setting<T> of(
            final String name, final String fallback, final Format<T> format, final String description) {
        return new Setting<>(name, Optional.of(fallback), fallback, format, description, false);
    }

    /** An option that may be missing. */
    static <T> Setting<T> optional(
            final String name, final String shownDefault, final Format<T> format, final String description) {
        return new Setting<>(name, Optional.empty(), shownDefault, format, description, false);
    }

    Setting<T> withSecret() {
        return new Setting<>(name, fallback, shownDefault, format, description, true);
    }

    String option() {
        return "--" + name;
    }

    String variable() {
        return "MILLRACE_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Reads a text that came from somewhere. */
    T parse(final Given given) {
        try {
            return format.parse(given.text());
        } catch (final IllegalArgumentException e) {
            final String shown = secret ? given.key() : given.key() + "=" + given.text();
            throw new ConfigException(shown + ": " + e.getMessage());
        }
    }

    /**
     * A text and where it came from.
     *
     * @param key as the user wrote it: {@code --flush}, {@code MILLRACE_FLUSH}, {@code flush in millrace.properties}
     */
    record Given(String key, String text) {}
}
