package io.millrace.bench.faults.stage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server says of itself. */
public final class AdminPort {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String root;

    AdminPort(final int port) {
        root = "http://127.0.0.1:" + port;
    }

    /** The body of an answer, whatever its status. */
    public String get(final String target) throws IOException, InterruptedException {
        final HttpRequest request =
                HttpRequest.newBuilder(URI.create(root + target)).timeout(LIMIT).build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    /** A total of the ledger; 0 if it is not known. */
    public long ledger(final String name) throws IOException, InterruptedException {
        return number(get("/ledger"), name);
    }

    /** A total in a ledger that was read before. */
    public static long number(final String ledger, final String name) {
        final Matcher number = Pattern.compile("\"" + name + "\":([0-9]+)").matcher(ledger);
        return number.find() ? Long.parseLong(number.group(1)) : 0;
    }

    /** The sum of counters, named without their suffix. */
    public long counters(final String... names) throws IOException, InterruptedException {
        final String metrics = get("/metrics");
        long sum = 0;
        for (final String name : names) {
            final Matcher value =
                    Pattern.compile("(?m)^" + name + "(?:_total)? ([0-9.E]+)$").matcher(metrics);
            while (value.find()) {
                sum += (long) Double.parseDouble(value.group(1));
            }
        }
        return sum;
    }

    /** How many connections the ingest port has. */
    public long connections() throws IOException, InterruptedException {
        return counters("millrace_ingest_connections_opened") - counters("millrace_ingest_connections_closed");
    }

    /** How often the data path met trouble since the server's start: failed, asked again, read again. */
    public long troubles() throws IOException, InterruptedException {
        return counters(
                "millrace_ship_failures",
                "millrace_feed_failures",
                "millrace_store_failures",
                "millrace_resyncs",
                "millrace_stream_gaps");
    }
}
