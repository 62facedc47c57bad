package io.millrace.server.endtoend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** Asks a server for flame graphs of itself. */
final class Profiles {
    private static final Pattern NAME = Pattern.compile("'((?:[^'\\\\]|\\\\.)*)'");

    private Profiles() {}

    /** Asks, and waits for the answer. */
    static HttpResponse<String> take(final ServerProcess server, final String token, final String query)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request(server, token, query), BodyHandlers.ofString());
    }

    /** Asks, and does not wait. */
    static CompletableFuture<HttpResponse<String>> begin(
            final ServerProcess server, final String token, final String query) throws IOException {
        return HttpClient.newHttpClient().sendAsync(request(server, token, query), BodyHandlers.ofString());
    }

    /** The names in a flame graph, of frames and threads; each stands there as how much it has of the one before, and the rest. */
    static List<String> names(final String graph) {
        final int from = graph.indexOf("const cpool = [");
        final String pool = graph.substring(from, graph.indexOf("\n];", from));
        final List<String> names = new ArrayList<>();
        NAME.matcher(pool).results().forEach(found -> {
            final String packed = found.group(1).replaceAll("\\\\(.)", "$1");
            names.add(
                    names.isEmpty()
                            ? packed
                            : names.get(names.size() - 1).substring(0, packed.charAt(0) - ' ') + packed.substring(1));
        });
        return names;
    }

    private static HttpRequest request(final ServerProcess server, final String token, final String query)
            throws IOException {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.admin().getPort() + "/profile?" + query))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody())
                .build();
    }
}
