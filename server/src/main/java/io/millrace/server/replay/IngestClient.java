package io.millrace.server.replay;

import io.millrace.server.config.ReplayConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends batches to an ingest port, one at a time, and again where that cannot count an event twice: if the server could not be
 * connected to, if it said by 503 that it took nothing, and if all events have an event_id.
 *
 * <p>Not thread-safe. Blocks.
 */
final class IngestClient {
    static final int ACCEPTED = 202;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int TOO_LARGE = 413;
    private static final int UNAVAILABLE = 503;

    private static final Logger LOG = LoggerFactory.getLogger(IngestClient.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final long PAUSE_SECONDS = 1;
    private static final long MAX_PAUSE_SECONDS = 60;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final ReplayConfig config;
    private final URI events;
    private String obstacle = "";

    IngestClient(final ReplayConfig config) {
        this.config = config;
        events = URI.create(config.target() + "/events");
    }

    /**
     * Sends a batch, as often as it takes and may be done.
     *
     * @return the answer, which is not 503
     * @throws ReplayException if the patience is over, or nobody knows whether the batch was taken
     */
    HttpResponse<byte[]> send(final Batch batch) throws ReplayException, InterruptedException {
        final HttpRequest request = request(batch.body());
        final long deadlineNanos = System.nanoTime() + config.patience().toNanos();
        while (true) {
            try {
                final HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
                if (answer.statusCode() != UNAVAILABLE) {
                    obstacle = "";
                    return answer;
                }
                pause(batch, deadlineNanos, "it has no room (503)", retryAfterSeconds(answer));
            } catch (final ConnectException | HttpConnectTimeoutException e) {
                pause(batch, deadlineNanos, "it cannot be reached", PAUSE_SECONDS);
            } catch (final IOException e) {
                if (!batch.isIdentified()) {
                    throw unknown(batch, e);
                }
                pause(batch, deadlineNanos, "there is no answer", PAUSE_SECONDS);
            }
        }
    }

    private static ReplayException unknown(final Batch batch, final IOException cause) {
        return new ReplayException(
                "no answer for lines " + batch.firstNumber() + " to " + batch.lastNumber() + " (" + cause
                        + "): they may have been taken, and have no event_id by which the server would know them again."
                        + " Look there, then go on by --skip=" + (batch.firstNumber() - 1) + " or --skip="
                        + batch.lastNumber(),
                cause);
    }

    private HttpRequest request(final byte[] body) {
        final HttpRequest.Builder request = HttpRequest.newBuilder(events)
                .timeout(REQUEST_TIMEOUT)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(body));
        config.writeKey().ifPresent(key -> request.header("X-Write-Key", key));
        return request.build();
    }

    private void pause(final Batch batch, final long deadlineNanos, final String obstacle, final long seconds)
            throws ReplayException, InterruptedException {
        if (System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds) - deadlineNanos >= 0) {
            throw new ReplayException(config.target() + ": " + obstacle + ", for longer than --patience="
                    + config.patience().toSeconds() + "s: go on later by --skip=" + (batch.firstNumber() - 1));
        }
        if (!obstacle.equals(this.obstacle)) {
            LOG.info(
                    "{}: {}, trying again in {} s; line {} and what follows wait",
                    config.target(),
                    obstacle,
                    seconds,
                    batch.firstNumber());
        }
        this.obstacle = obstacle;
        TimeUnit.SECONDS.sleep(seconds);
    }

    /** RFC 9110, 10.2.3. This server sends seconds; what a proxy sends instead is not worth a parser. */
    private static long retryAfterSeconds(final HttpResponse<?> answer) {
        final OptionalLong seconds;
        try {
            seconds = answer.headers().firstValueAsLong("Retry-After");
        } catch (final NumberFormatException e) {
            return PAUSE_SECONDS;
        }
        return Math.max(PAUSE_SECONDS, Math.min(MAX_PAUSE_SECONDS, seconds.orElse(PAUSE_SECONDS)));
    }
}
