package io.millrace.bench.tool;

import java.io.PrintWriter;
import java.util.List;

/** A tool of this module that is called by name. */
public interface Tool {
    /** In lower case. */
    String name();

    /** How it is called, for the help. */
    default String command() {
        return "millrace bench " + name();
    }

    /** For the help: what it does, in one sentence. */
    String description();

    /** Its options, in the order of the help. */
    List<OptionGroup> options();

    /**
     * Does it.
     *
     * @param out for the result
     * @param err for progress and complaints
     * @return the exit status
     * @throws OptionException if an option is wrong: status 2 and its message
     */
    int run(OptionValues values, PrintWriter out, PrintWriter err) throws Exception;
}
