package io.millrace.server.leak;

import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Netty's leak detector, which also keeps what it reports. */
public final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {
    static final List<String> REPORTS = new CopyOnWriteArrayList<>();

    RecordingLeakDetector(final Class<?> resourceType, final int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(final String resourceType, final String records) {
        REPORTS.add(resourceType + " was not released: " + records);
        super.reportTracedLeak(resourceType, records);
    }

    @Override
    protected void reportUntracedLeak(final String resourceType) {
        REPORTS.add(resourceType + " was not released");
        super.reportUntracedLeak(resourceType);
    }
}
