package io.millrace.bench;

import io.millrace.bench.ack.AckTool;
import io.millrace.bench.age.AgeTool;
import io.millrace.bench.cost.CostTool;
import io.millrace.bench.cost.ProfileTool;
import io.millrace.bench.day.DayTool;
import io.millrace.bench.evolution.EvolutionTool;
import io.millrace.bench.evolution.architecture.PredecessorTool;
import io.millrace.bench.faults.FaultsTool;
import io.millrace.bench.growth.GrowthTool;
import io.millrace.bench.http.BareServerTool;
import io.millrace.bench.load.LoadTool;
import io.millrace.bench.tool.OptionException;
import io.millrace.bench.tool.OptionValues;
import io.millrace.bench.tool.Tool;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Calls the tools of this module by their names: {@code millrace load} and {@code millrace bench NAME}.
 *
 * <p>Exit status: that of the tool; 2 for a wrong option, with one line on stderr and no stack trace.
 */
public final class Bench {
    /** The exit status for a wrong option. */
    public static final int REFUSED = 2;

    private static final int HELP_WIDTH = 110;
    private static final String JMH = "jmh";
    private static final List<Tool> TOOLS = List.of(
            new LoadTool(),
            new DayTool(),
            new AckTool(),
            new AgeTool(),
            new CostTool(),
            new ProfileTool(),
            new GrowthTool(),
            new EvolutionTool(),
            new PredecessorTool(),
            new FaultsTool(),
            new BareServerTool());

    private Bench() {}

    /** The entry. */
    public static void main(final String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals(JMH)) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
            return;
        }
        // As the server does: it would be measured with it. The tests run with it.
        System.getProperties().putIfAbsent("io.netty.leakDetection.level", "disabled");
        System.exit(execute(
                arguments,
                new PrintWriter(System.out, true, Charset.defaultCharset()),
                new PrintWriter(System.err, true, Charset.defaultCharset())));
    }

    static int execute(final String[] arguments, final PrintWriter out, final PrintWriter err) {
        return commandLine().setOut(out).setErr(err).execute(arguments);
    }

    private static CommandLine commandLine() {
        final CommandSpec bench = CommandSpec.create().name("millrace");
        bench.addOption(help())
                .usageMessage()
                .description("Measures: load and benchmarks.")
                .customSynopsis("millrace bench NAME [OPTIONS]")
                .commandListHeading("%nNames:%n");
        for (final Tool tool : TOOLS) {
            final CommandSpec command = CommandSpec.create();
            command.addOption(help())
                    .usageMessage()
                    .description(tool.description())
                    .customSynopsis(tool.command() + " [OPTIONS]")
                    .sortOptions(false);
            OptionValues.declare(command, tool.options());
            bench.addSubcommand(tool.name(), command);
        }
        final CommandSpec jmh = CommandSpec.create();
        jmh.usageMessage().description("Runs the JMH benchmarks; takes JMH's own options and a pattern of names.");
        bench.addSubcommand(JMH, jmh);
        return new CommandLine(bench)
                .setUsageHelpWidth(HELP_WIDTH)
                .setExecutionStrategy(Bench::dispatch)
                .setParameterExceptionHandler((wrong, arguments) -> refuse(wrong.getCommandLine(), describe(wrong)))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof OptionException) {
                        return refuse(command, failure.getMessage());
                    }
                    throw failure;
                });
    }

    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Prints this.")
                .build();
    }

    private static int dispatch(final ParseResult parsed) {
        final Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        if (!parsed.hasSubcommand()) {
            throw new ParameterException(parsed.commandSpec().commandLine(), "Missing required name");
        }
        final ParseResult given = parsed.subcommand();
        final CommandLine command = given.commandSpec().commandLine();
        final Tool tool = TOOLS.stream()
                .filter(each -> each.name().equals(command.getCommandName()))
                .findFirst()
                .orElseThrow();
        try {
            return tool.run(new OptionValues(given), command.getOut(), command.getErr());
        } catch (final OptionException e) {
            return refuse(command, e.getMessage());
        } catch (final Exception e) {
            throw new CommandLine.ExecutionException(command, tool.name() + " failed", e);
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
        final String help = "--help lists what there is";
        if (wrong instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            return plain + ", did you mean " + String.join(" or ", unmatched.getSuggestions()) + "? " + help;
        }
        return plain + ": " + help;
    }
}
