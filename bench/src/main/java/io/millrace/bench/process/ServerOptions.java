package io.millrace.bench.process;

import io.millrace.bench.tool.Kinds;
import io.millrace.bench.tool.Option;
import java.util.List;
import java.util.regex.Pattern;

/** What every tool that starts a server of its own takes for it. */
public final class ServerOptions {
    /** More options of {@code millrace run}. */
    public static final Option<List<String>> SERVER = Option.of(
            "server",
            "",
            Kinds.text(
                    "OPTIONS",
                    Pattern.compile("(--\\S+( --\\S+)*)?"),
                    "options of millrace run, each as --name=value, separated by blanks",
                    text -> text.isEmpty() ? List.of() : List.of(text.split(" "))),
            "More options for the server");

    private ServerOptions() {}
}
