package io.millrace.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What the generator itself took of the processors.
 *
 * @param threadNanos of the thread that sends and receives
 * @param processNanos of the whole process, with compiler and garbage collector
 */
public record CpuTime(long threadNanos, long processNanos) {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** So far, the thread being the one that calls. The first call takes milliseconds: not to be made under load. */
    static CpuTime now() {
        return new CpuTime(THREADS.getCurrentThreadCpuTime(), PROCESS.getProcessCpuTime());
    }

    CpuTime minus(final CpuTime earlier) {
        return new CpuTime(threadNanos - earlier.threadNanos, processNanos - earlier.processNanos);
    }
}
