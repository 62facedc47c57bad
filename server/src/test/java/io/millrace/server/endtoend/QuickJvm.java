package io.millrace.server.endtoend;

import java.util.List;

/**
 * Options of a JVM that a test starts to see one thing of it. Half of the processor time of a start is that of the second compiler,
 * which makes nothing faster that runs so short: a test under load does without these options.
 */
final class QuickJvm {
    static final List<String> OPTIONS = List.of("-XX:TieredStopAtLevel=1");

    private QuickJvm() {}
}
