package io.millrace.server.cli;

import io.millrace.server.config.ConfigException;
import io.millrace.server.config.ReplayOptions;
import io.millrace.server.config.ServerOptions;
import io.millrace.server.config.TailConfig;
import io.millrace.server.config.TailOptions;
import io.millrace.server.replay.Replay;
import io.millrace.server.tail.Tail;
import io.millrace.storage.StartupException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code millrace} with its subcommands {@code run}, {@code tail} and {@code replay}.
 *
 * <p>Exit status: that of the server or of the replay; 2 for a wrong option and for a start that was refused, with one line on stderr that
 * begins with {@code millrace:} and no stack trace.
 */
public final class MillraceCommand {
    /** The exit status of a start that was refused. */
    public static final int REFUSED = 2;

    private static final String TAIL = "tail";
    private static final String REPLAY = "replay";
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
        final CommandSpec run =
                subcommand("Starts the server: events over HTTP, through a journal and Redis, into PostgreSQL.");
        ServerOptions.declare(run);

        final CommandSpec millrace = CommandSpec.create().name("millrace");
        millrace.mixinStandardHelpOptions(true)
                .usageMessage()
                .description("Takes user-interaction events over HTTP and counts them by window in PostgreSQL.")
                .synopsisSubcommandLabel("COMMAND");
        millrace.versionProvider(() -> Build.read().lines());
        millrace.addSubcommand("run", run);
        millrace.addSubcommand(TAIL, tail());
        millrace.addSubcommand(REPLAY, replay());

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

    private static CommandSpec tail() {
        final CommandSpec tail =
                subcommand("Shows the events in Redis, each as a line of JSON on standard output, as they"
                        + " come. What PostgreSQL has is not in Redis any more, unless the server runs with --keep.");
        TailOptions.declare(tail);
        return tail;
    }

    private static CommandSpec replay() {
        final CommandSpec replay =
                subcommand("Sends lines of JSON, as 'millrace tail' writes them, to a server's ingest"
                        + " port. Says which lines were refused and why; exit status 1 if there are any.");
        ReplayOptions.declare(replay);
        return replay;
    }

    private static CommandSpec subcommand(final String description) {
        final CommandSpec command = CommandSpec.create();
        command.mixinStandardHelpOptions(true)
                .usageMessage()
                .description(description)
                .abbreviateSynopsis(true)
                .sortOptions(false);
        command.versionProvider(() -> Build.read().lines());
        return command;
    }

    private int dispatch(final ParseResult parsed) {
        final Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        if (!parsed.hasSubcommand()) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "Missing required command");
        }
        final ParseResult sub = parsed.subcommand();
        final CommandLine command = sub.commandSpec().commandLine();
        try {
            return switch (sub.commandSpec().name()) {
                case TAIL -> tail(TailOptions.resolve(sub, environment));
                case REPLAY -> Replay.run(ReplayOptions.resolve(sub, environment), command.getErr());
                default -> runner.run(ServerOptions.resolve(sub, environment));
            };
        } catch (final Exception e) {
            throw new CommandLine.ExecutionException(command, sub.commandSpec().name() + " failed", e);
        }
    }

    private static int tail(final TailConfig config) {
        // Not System.out: that looks at each byte for a line's end, and swallows what tells that nobody reads any more.
        Tail.run(config, new FileOutputStream(FileDescriptor.out));
        return 0;
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
}
