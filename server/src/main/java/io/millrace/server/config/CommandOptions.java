package io.millrace.server.config;

import static java.util.stream.Collectors.toCollection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options of one command, between picocli and their {@link Setting}s. Picocli splits the command line, knows which options
 * there are and prints the help; every value is read and checked by the option's setting, wherever it came from.
 */
final class CommandOptions {
    private static final String CONFIG_OPTION = "--config";
    private static final String CONFIG_VARIABLE = "MILLRACE_CONFIG";

    private final List<SettingGroup> groups;

    CommandOptions(final List<SettingGroup> groups) {
        this.groups = groups;
    }

    /** Declares the options on a command. */
    void declare(final CommandSpec command) {
        command.addOption(OptionSpec.builder(CONFIG_OPTION)
                .paramLabel("FILE")
                .type(String.class)
                .description("A properties file with any of the options below, named without their hyphens; the"
                        + " command line comes first, then MILLRACE_* variables (--max-body is MILLRACE_MAX_BODY), then"
                        + " this file")
                .build());
        int order = 0;
        for (final SettingGroup group : groups) {
            final ArgGroupSpec.Builder options = ArgGroupSpec.builder()
                    .heading("%n" + group.heading() + ":%n")
                    .exclusive(false)
                    .multiplicity("0..1")
                    .order(order++);
            for (final Setting<?> setting : group.settings()) {
                options.addArg(option(setting));
            }
            command.addArgGroup(options.build());
        }
    }

    private static OptionSpec option(final Setting<?> setting) {
        final String bounds = setting.format().bounds() + " (default: " + setting.shownDefault() + ")";
        final OptionSpec.Builder option = OptionSpec.builder(setting.option())
                .paramLabel(setting.format().label())
                .type(String.class)
                .description(escape(setting.description() + "."), escape(bounds));
        if (setting.format() instanceof SwitchFormat) {
            option.arity("0..1").fallbackValue(SwitchFormat.ON);
        }
        return option.build();
    }

    private static String escape(final String description) {
        return description.replace("%", "%%");
    }

    /**
     * Finds where each option comes from.
     *
     * @param parsed a command line of the command that {@link #declare} was called for
     */
    SettingSources sources(final ParseResult parsed, final Map<String, String> environment) {
        final Map<String, String> flags = new HashMap<>();
        for (final OptionSpec option : parsed.matchedOptions()) {
            if (option.getValue() instanceof String text) {
                flags.put(option.longestName(), text);
            }
        }
        return new SettingSources(flags, environment, file(flags, environment));
    }

    private PropertiesFile file(final Map<String, String> flags, final Map<String, String> environment) {
        final String variable = environment.getOrDefault(CONFIG_VARIABLE, "");
        if (flags.containsKey(CONFIG_OPTION)) {
            return PropertiesFile.read(CONFIG_OPTION, flags.get(CONFIG_OPTION), names());
        }
        return variable.isEmpty() ? PropertiesFile.NONE : PropertiesFile.read(CONFIG_VARIABLE, variable, names());
    }

    /** The server's options are known to every command: one file may serve all. */
    private Set<String> names() {
        return Stream.concat(groups.stream(), Settings.GROUPS.stream())
                .flatMap(group -> group.settings().stream())
                .map(Setting::name)
                .collect(toCollection(TreeSet::new));
    }
}
