package io.millrace.bench.cost;

import io.millrace.bench.load.EventShape;
import io.millrace.bench.load.Form;
import io.millrace.bench.load.LoadPlan;
import io.millrace.bench.load.Pace;
import io.millrace.bench.load.RequestShape;
import io.millrace.bench.load.Target;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The loads under which costs are compared; each in a closed loop. */
enum CostLoad {
    PIXEL(Form.PIXEL, 1, 64, 1),
    /** What pipelining leaves of a pixel: the work without most of the system calls. */
    PIPELINED(Form.PIXEL, 1, 64, 16),
    JSON(Form.JSON, 1, 64, 1),
    NDJSON(Form.NDJSON, 200, 8, 1);

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Form form;
    private final int batch;
    private final int connections;
    private final int pipeline;

    CostLoad(final Form form, final int batch, final int connections, final int pipeline) {
        this.form = form;
        this.batch = batch;
        this.connections = connections;
        this.pipeline = pipeline;
    }

    LoadPlan plan(final InetSocketAddress server, final Duration duration) {
        return new LoadPlan(
                Target.of(server),
                RequestShape.of(form, batch),
                EventShape.DEFAULTS,
                new Pace(0, connections, pipeline, 0, duration, Duration.ZERO, TIMEOUT, Duration.ZERO));
    }
}
