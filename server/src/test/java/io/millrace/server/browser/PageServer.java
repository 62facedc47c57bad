package io.millrace.server.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A site for the browser to visit, on a port of its own and so of an origin of its own. Thread-safe. */
public final class PageServer implements AutoCloseable {
    private final Map<String, Content> pages = new ConcurrentHashMap<>();
    private final HttpServer server;

    public PageServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    /**
     * Puts a page there.
     *
     * @param policy its Content-Security-Policy, or empty
     * @return its address
     */
    public String put(final String path, final String policy, final String html) {
        pages.put(path, new Content(policy, html));
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void serve(final HttpExchange exchange) throws IOException {
        final Content content = pages.get(exchange.getRequestURI().getPath());
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            final byte[] html = content.html().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            if (!content.policy().isEmpty()) {
                exchange.getResponseHeaders().set("Content-Security-Policy", content.policy());
            }
            exchange.sendResponseHeaders(200, html.length);
            exchange.getResponseBody().write(html);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private record Content(String policy, String html) {}
}
