package io.millrace.bench.tool;

import java.util.Optional;

/**
 * One option of a tool: {@code --name} on the command line.
 *
 * @param name in lower case, words joined by a hyphen
 * @param fallback the text that holds if none is given; empty if there is none
 * @param shownDefault what the help says of it
 * @param kind how the text becomes the value
 * @param description for the help; one sentence without a full stop
 * @param <T> the value
 */
public record Option<T>(String name, Optional<String> fallback, String shownDefault, Kind<T> kind, String description) {

    /** An option that always has a value. */
    public static <T> Option<T> of(
            final String name, final String fallback, final Kind<T> kind, final String description) {
        return new Option<>(name, Optional.of(fallback), fallback, kind, description);
    }

    /** An option that may be missing. */
    public static <T> Option<T> optional(
            final String name, final String shownDefault, final Kind<T> kind, final String description) {
        return new Option<>(name, Optional.empty(), shownDefault, kind, description);
    }

    /** An option that is on if it is named. */
    public static Option<Boolean> flag(final String name, final String description) {
        return of(name, "false", Kinds.flag(), description);
    }

    /** As it stands on the command line. */
    public String key() {
        return "--" + name;
    }
}
