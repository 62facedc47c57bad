package io.millrace.bench.tool;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What was given on the command line. Picocli splits it and prints the help; each option reads and checks its own value. */
public final class OptionValues {
    private final Map<String, String> given = new HashMap<>();

    public OptionValues(final ParseResult parsed) {
        for (final OptionSpec option : parsed.matchedOptions()) {
            if (option.getValue() instanceof String text) {
                given.put(option.longestName(), text);
            }
        }
    }

    /** Declares options on a command. */
    public static void declare(final CommandSpec command, final List<OptionGroup> groups) {
        int order = 0;
        for (final OptionGroup group : groups) {
            final ArgGroupSpec.Builder options = ArgGroupSpec.builder()
                    .heading("%n" + group.heading() + ":%n")
                    .exclusive(false)
                    .multiplicity("0..1")
                    .order(order++);
            for (final Option<?> option : group.options()) {
                options.addArg(spec(option));
            }
            command.addArgGroup(options.build());
        }
    }

    private static OptionSpec spec(final Option<?> option) {
        final OptionSpec.Builder spec = OptionSpec.builder(option.key()).type(String.class);
        final String description = escape(option.description() + ".");
        if (option.kind().label().isEmpty()) {
            return spec.arity("0")
                    .fallbackValue("true")
                    .description(description)
                    .build();
        }
        final String bounds = option.kind().bounds() + " (default: " + option.shownDefault() + ")";
        return spec.paramLabel(option.kind().label())
                .description(description, escape(bounds))
                .build();
    }

    private static String escape(final String description) {
        return description.replace("%", "%%");
    }

    /** The value of an option that has a default. */
    public <T> T value(final Option<T> option) {
        return optional(option)
                .orElseGet(() -> option.kind().parse(option.fallback().orElseThrow()));
    }

    /** The value of an option, if one was given. */
    public <T> Optional<T> optional(final Option<T> option) {
        return Optional.ofNullable(given.get(option.key())).map(text -> parse(option, text));
    }

    private static <T> T parse(final Option<T> option, final String text) {
        try {
            return option.kind().parse(text);
        } catch (final IllegalArgumentException e) {
            throw new OptionException(option.key() + "=" + text + ": " + e.getMessage());
        }
    }

    /** The option as the user sees it, with its value, for an error that concerns several of them. */
    public String show(final Option<?> option) {
        return option.key() + "=" + given.getOrDefault(option.key(), option.shownDefault());
    }
}
