package io.millrace.bench.http;

import io.millrace.bench.tool.Kinds;
import io.millrace.bench.tool.Option;
import io.millrace.bench.tool.OptionException;
import io.millrace.bench.tool.OptionGroup;
import io.millrace.bench.tool.OptionValues;
import io.millrace.bench.tool.Tool;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** {@code millrace bench bare}: a {@link BareNettyServer} on loopback until it is ended. */
public final class BareServerTool implements Tool {
    private static final Option<Long> PORT =
            Option.of("port", "8099", Kinds.count(0, 65535), "The port on loopback; 0 is any free one");
    private static final Option<Long> EVENT_LOOPS = Option.of("event-loops", "1", Kinds.count(1, 256), "Threads");

    @Override
    public String name() {
        return "bare";
    }

    @Override
    public String description() {
        return "Serves a constant GIF by bare Netty: the yardstick for servers and for the load generator.";
    }

    @Override
    public List<OptionGroup> options() {
        return List.of(new OptionGroup("Server", List.of(PORT, EVENT_LOOPS)));
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err)
            throws InterruptedException {
        final InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), values.value(PORT).intValue());
        try (BareNettyServer server = start(address, values)) {
            out.println("listening on http://127.0.0.1:" + server.address().getPort());
            server.await();
        }
        return 0;
    }

    private static BareNettyServer start(final InetSocketAddress address, final OptionValues values) {
        try {
            return BareNettyServer.start(address, values.value(EVENT_LOOPS).intValue());
        } catch (final Exception e) {
            throw new OptionException(values.show(PORT) + ": cannot listen there (" + e.getMessage()
                    + "): stop what has the port, or give another");
        }
    }
}
