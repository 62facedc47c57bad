package io.millrace.server.cli;

import io.millrace.server.config.ConfigException;
import io.millrace.server.config.ServerOptions;
import io.millrace.storage.StartupException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code millrace} with its subcommand {@code run}.
 *
 * <p>Exit status: that of the server; 2 for a wrong option and for a start that was refused, with one line on stderr that
 * begins with {@code millrace:} and no stack trace.
 */
public final class MillraceCommand {
    /** The exit status of a start that was refused. */
    public static final int REFUSED = 2;

    private static final int HELP_WIDTH = 110;

    private final ServerRunner runner;
    private final Map<String, String> environment;

    private MillraceCommand(final ServerRunner runner, final Map<String, String> environment) {
        this.runner = runner;
        this.environment = environment;
    }

    /** Parses a command line and does what it says; returns the exit status. */
    public static int execute(final String[] arguments, final ServerRunner runner) {
        return execute(
                arguments,
                runner,
                System.getenv(),
                new PrintWriter(System.out, true, Charset.defaultCharset()),
                new PrintWriter(System.err, true, Charset.defaultCharset()));
    }

    static int execute(
            final String[] arguments,
            final ServerRunner runner,
            final Map<String, String> environment,
            final PrintWriter out,
            final PrintWriter err) {
        return new MillraceCommand(runner, environment)
                .commandLine()
                .setOut(out)
                .setErr(err)
                .execute(arguments);
    }

    private CommandLine commandLine() {
        final CommandSpec run = CommandSpec.create();
        run.mixinStandardHelpOptions(true)
                .usageMessage()
                .description("Starts the server: events over HTTP, through a journal and Redis, into PostgreSQL.")
                .abbreviateSynopsis(true)
                .sortOptions(false);
        run.versionProvider(MillraceCommand::version);
        ServerOptions.declare(run);

        final CommandSpec millrace = CommandSpec.create().name("millrace");
        millrace.mixinStandardHelpOptions(true)
                .usageMessage()
                .description("Takes user-interaction events over HTTP and counts them by window in PostgreSQL.")
                .synopsisSubcommandLabel("COMMAND");
        millrace.versionProvider(MillraceCommand::version);
        millrace.addSubcommand("run", run);

        return new CommandLine(millrace)
                .setUsageHelpWidth(HELP_WIDTH)
                .setExecutionStrategy(this::dispatch)
                .setParameterExceptionHandler((wrong, arguments) -> refuse(wrong.getCommandLine(), describe(wrong)))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof ConfigException || failure instanceof StartupException) {
                        return refuse(command, failure.getMessage());
                    }
                    throw failure;
                });
    }

    private int dispatch(final ParseResult parsed) {
        final Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        if (!parsed.hasSubcommand()) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "Missing required command");
        }
        final ParseResult run = parsed.subcommand();
        final CommandLine command = run.commandSpec().commandLine();
        try {
            return runner.run(ServerOptions.resolve(run, environment));
        } catch (final Exception e) {
            throw new CommandLine.ExecutionException(command, "the server failed", e);
        }
    }

    private static int refuse(final CommandLine command, final String message) {
        command.getErr().println("millrace: " + message.replaceAll("\\R", " "));
        return REFUSED;
    }

    /** Picocli's message begins with a capital, quotes values, and says nothing about a remedy. */
    private static String describe(final ParameterException wrong) {
        final String message = wrong.getMessage();
        final String plain = Character.toLowerCase(message.charAt(0)) + message.substring(1);
        final String name = wrong.getCommandLine().getCommandSpec().qualifiedName();
        final String help = "'" + name + " --help' lists what there is";
        if (wrong instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            return plain + ", did you mean " + String.join(" or ", unmatched.getSuggestions()) + "? " + help;
        }
        return plain + ": " + help;
    }

    private static String[] version() {
        final String version = MillraceCommand.class.getPackage().getImplementationVersion();
        return new String[] {"millrace " + (version == null ? "(not packaged)" : version)};
    }
}
