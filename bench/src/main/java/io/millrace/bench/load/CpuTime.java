package io.millrace.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the generator itself took of the processors.
 *
 * @param threadNanos of the thread that sends and receives
 * @param processNanos of the whole process, with compiler and garbage collector
 */
public record CpuTime(long threadNanos, long processNanos) {
    static final CpuTime ZERO = new CpuTime(0, 0);

    /** So far, the thread being the one that calls. */
    static CpuTime now() {
        final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new CpuTime(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(), system.getProcessCpuTime());
    }

    CpuTime minus(final CpuTime earlier) {
        return new CpuTime(threadNanos - earlier.threadNanos, processNanos - earlier.processNanos);
    }
}
