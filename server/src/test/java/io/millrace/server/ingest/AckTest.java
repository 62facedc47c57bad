package io.millrace.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Progress;
import io.millrace.server.http.CorsPolicy;
import io.millrace.server.http.HttpLimits;
import io.millrace.server.http.IngestCounter;
import io.millrace.server.http.ReplyReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Replies that wait, over a real socket: the stages move only when a test moves them, and so do the clocks. */
class AckTest {
    private static final String EVENT = "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"}";
    private static final String END = " HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final long TIMEOUT_MILLIS = 5_000;

    @TempDir
    Path folder;

    private RunningServer server;
    private Progress progress;

    private void start() throws Exception {
        start(AckLevel.JOURNAL, AckLevel.STORED, TIMEOUT_MILLIS);
    }

    private void start(final AckLevel level, final AckLevel max, final long timeoutMillis) throws Exception {
        server = new RunningServer(
                folder,
                new IngestSettings(
                        HttpLimits.DEFAULTS,
                        WriteKeys.NONE,
                        CorsPolicy.ANY,
                        new AckSettings(level, max, timeoutMillis)),
                1 << 24);
        progress = server.fixture.journal.progress();
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.waiting()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"DISK", "STREAM", "STORED"})
    void shouldAnswerWhenTheLevelIsReachedAndNotBefore(final AckLevel level) throws Exception {
        start();
        try (Client client = new Client(server.address)) {
            client.send(post("?ack=" + level.word(), EVENT) + pixel("&ack=" + level.word()));
            server.awaitWaiting(2);
            // The agents are told at the end of the iteration.
            RunningServer.await(() -> server.fixture.awaited.contains(level));
            assertThat(server.fixture.awaited).containsOnly(level);
            assertThat(progress.stage(level).isWanted()).isTrue();
            moveAllBut(level, 2);
            reach(level, 1);
            final String first = client.read(1);
            assertThat(first).startsWith("HTTP/1.1 202 ").endsWith("\r\n\r\n{\"status\":\"accepted\"}");
            assertThat(server.waiting()).isEqualTo(1);
            reach(level, 2);
            assertThat(statuses(client.read(2))).isEqualTo("202 200");
            assertThat(client.read(2)).doesNotContain("X-Ack: ");
        }
        assertThat(server.counter(acks(level))).isEqualTo(2);
        assertThat(server.repliesMeasured()).isEqualTo(2);
    }

    private static IngestCounter acks(final AckLevel level) {
        return IngestCounter.valueOf("ACKS_" + level.name());
    }

    /** Moves the stages of the other levels beyond the events. */
    private void moveAllBut(final AckLevel level, final long sequence) {
        for (final AckLevel other : List.of(AckLevel.DISK, AckLevel.STREAM, AckLevel.STORED)) {
            if (other != level) {
                reach(other, sequence);
            }
        }
    }

    private void reach(final AckLevel level, final long sequence) {
        switch (level) {
            case DISK -> progress.forced(sequence);
            case STREAM -> progress.streamed(sequence);
            default -> progress.stored(sequence);
        }
    }

    @Test
    void shouldKeepTheOrderOfMixedLevelsOnOneConnection() throws Exception {
        start();
        try (Client client = new Client(server.address)) {
            client.send(post("?ack=stored", EVENT)
                    + pixel("&ack=disk")
                    + "GET /nothing"
                    + END
                    + post("", EVENT)
                    + post("?ack=stream", "[" + EVENT + ",1]")
                    + post("?ack=stream", "{}")
                    + "HEAD /pixel.gif?u=u&a=a&e=e HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            server.awaitWaiting(3);
            progress.forced(2);
            server.awaitWaiting(2);
            progress.streamed(4);
            server.awaitWaiting(1);
            // Two of three have got what they wait for, four wait for nothing, and none may pass the first.
            assertThat(server.counter(IngestCounter.BYTES_SENT)).isZero();
            progress.stored(1);
            final String replies = client.readAll();
            final int head = replies.lastIndexOf("HTTP/1.1 200 ");
            assertThat(statuses(replies.substring(0, head))).isEqualTo("202 200 404 202 202 400");
            assertThat(replies.substring(head)).endsWith("\r\n\r\n");
        }
    }

    @Test
    void shouldSendWhatHasGotItsLevelAndKeepTheRest() throws Exception {
        start();
        try (Client client = new Client(server.address)) {
            client.send(post("?ack=disk", EVENT)
                    + post("", EVENT)
                    + post("?ack=stored", EVENT)
                    + post("?ack=disk", EVENT)
                    + "GET /nothing"
                    + END);
            server.awaitWaiting(3);
            progress.forced(4);
            assertThat(statuses(client.read(2))).isEqualTo("202 202");
            client.send(pixel(""));
            progress.stored(3);
            assertThat(statuses(client.read(6))).isEqualTo("202 202 202 202 404 200");
        }
    }

    @Test
    void shouldServeOtherConnectionsMeanwhile() throws Exception {
        start();
        try (Client waits = new Client(server.address);
                Client other = new Client(server.address)) {
            waits.send(post("?ack=stored", EVENT));
            server.awaitWaiting(1);
            assertThat(statuses(other.send(post("", EVENT)).read(1))).isEqualTo("202");
            other.send(post("?ack=disk", EVENT));
            server.awaitWaiting(2);
            progress.forced(3);
            assertThat(statuses(other.read(2))).isEqualTo("202 202");
            progress.stored(1);
            assertThat(statuses(waits.read(1))).isEqualTo("202");
        }
    }

    @Test
    void shouldSayHowFarTheEventsHaveGotWhenTheTimeIsUp() throws Exception {
        start();
        try (Client client = new Client(server.address)) {
            client.send(post("?ack=stored", EVENT)
                    + post("?ack=disk", "[" + EVENT + "," + EVENT + ",{}]")
                    + pixel("&ack=stored")
                    + "GET /nothing"
                    + END);
            server.awaitWaiting(3);
            progress.streamed(1);
            server.advance(TIMEOUT_MILLIS - 1);
            assertThat(server.waiting()).isEqualTo(3);
            server.advance(1);
            final List<String> replies = ReplyReader.read(client.read(4), 0);
            assertThat(ReplyReader.summary(replies)).isEqualTo("202 202 200 404");
            assertThat(replies.get(0)).endsWith("\r\n\r\n{\"status\":\"accepted\",\"ack\":\"stream\"}");
            assertThat(replies.get(1))
                    .endsWith("{\"status\":\"accepted\",\"accepted\":2,\"rejected\":1,\"errors\":"
                            + "[{\"index\":2,\"code\":\"missing_user_id\"}],\"ack\":\"journal\"}");
            assertThat(replies.get(2))
                    .contains("\r\nX-Ack: journal\r\n", "\r\nContent-Length: 43\r\n")
                    .endsWith(";");
        }
        assertThat(server.counter(IngestCounter.ACK_TIMEOUTS)).isEqualTo(3);
        assertThat(server.accepted()).isEqualTo(4);
    }

    /** What is in Redis may not be on disk: the answer does not say so. */
    @Test
    void shouldNotTakeAHigherLevelForTheDisk() throws Exception {
        start();
        try (Client client = new Client(server.address)) {
            client.send(post("?ack=disk", EVENT));
            server.awaitWaiting(1);
            progress.streamed(1);
            server.advance(TIMEOUT_MILLIS);
            assertThat(client.read(1)).endsWith("{\"status\":\"accepted\",\"ack\":\"stream\"}");
        }
    }

    @Test
    void shouldPutTheConnectionsOwnFieldsIntoALateReply() throws Exception {
        start();
        try (Client client = new Client(server.address)) {
            final String fields = "Host: a\r\nConnection: close\r\nOrigin: https://b.example\r\n\r\n";
            client.send("GET /pixel.gif?u=u&a=a&e=e&ack=disk HTTP/1.1\r\n" + fields);
            server.awaitWaiting(1);
            server.advance(TIMEOUT_MILLIS);
            assertThat(client.readAll())
                    .contains(
                            "\r\nX-Ack: journal\r\n",
                            "\r\nConnection: close\r\n",
                            "\r\nAccess-Control-Allow-Origin: https://b.example\r\n",
                            "\r\nAccess-Control-Expose-Headers: X-Event-Status, X-Ack, Retry-After\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stord, stord",
        "stored, stored",
        "'', ''",
        "DISK, DISK",
        "%64isk, %64isk",
        "0123456789012345678901234567890123456789, 01234567890123456789012345678901..."
    })
    void shouldRefuseALevelThatItDoesNotGive(final String value, final String shown) throws Exception {
        start(AckLevel.JOURNAL, AckLevel.STREAM, TIMEOUT_MILLIS);
        final String replies = server.exchange(post("?ack=disk&ack=" + value, EVENT)
                + post("?ack=" + value + "&x=y", "[" + EVENT + "]")
                + pixel("&ack=" + value)
                + "HEAD /pixel.gif?u=u&a=a&e=e&ack="
                + value
                + END);
        // The last one has no body.
        assertThat(replies.split("HTTP/1.1 ", -1)).hasSize(5);
        assertThat(replies.split("\\{\"error\":\"invalid_ack\",\"message\":\"ack=", -1))
                .hasSize(3);
        assertThat(replies)
                .contains("\"ack=" + shown
                        + ": choose one of journal, disk, stream; this server's --ack-max is stream\"}");
        assertThat(replies.split("\r\nX-Event-Status: invalid_ack\r\n", -1)).hasSize(3);
        assertThat(server.accepted()).isZero();
        assertThat(server.counter(IngestCounter.ACKS_REFUSED)).isEqualTo(4);
    }

    @Test
    void shouldWaitByDefaultForTheLevelOfTheServer() throws Exception {
        start(AckLevel.STREAM, AckLevel.STREAM, TIMEOUT_MILLIS);
        try (Client client = new Client(server.address)) {
            assertThat(statuses(client.send(post("?ack=journal", EVENT)).read(1)))
                    .isEqualTo("202");
            client.send(post("?x=y", EVENT) + pixel("") + pixel("&_=1"));
            server.awaitWaiting(3);
            progress.streamed(4);
            assertThat(statuses(client.read(4))).isEqualTo("202 202 200 200");
        }
    }

    @Test
    void shouldNotWaitWhereNothingWasCommitted() throws Exception {
        start(AckLevel.STORED, AckLevel.STORED, TIMEOUT_MILLIS);
        assertThat(statuses(server.exchange(post("", "{}") + post("", "[1]") + post("", "{") + "GET /pixel.gif" + END)))
                .isEqualTo("400 400 400 200");
        assertThat(server.fixture.awaited).isEmpty();
    }

    @Test
    void shouldAnswerAClientThatHasEndedItsOutput() throws Exception {
        start();
        try (Client client = new Client(server.address)) {
            client.send(post("?ack=stream", EVENT) + "GET /nothing" + END + "GET /pix")
                    .endOutput();
            server.awaitWaiting(1);
            progress.streamed(1);
            assertThat(statuses(client.readAll())).isEqualTo("202 404");
        }
    }

    @Test
    void shouldForgetTheRepliesOfAConnectionThatBroke() throws Exception {
        start();
        try (Client client = new Client(server.address)) {
            client.send(post("?ack=stream", EVENT) + post("?ack=disk", EVENT));
            server.awaitWaiting(2);
            client.reset();
        }
        server.awaitWaiting(0);
        progress.streamed(2);
        progress.forced(2);
        assertThat(statuses(server.exchange(pixel("")))).isEqualTo("200");
        assertThat(server.counter(acks(AckLevel.STREAM))).isZero();
    }

    @Test
    void shouldEndTheConnectionBehindTheLastReplyThatWaits() throws Exception {
        start();
        try (Client client = new Client(server.address);
                Client old = new Client(server.address)) {
            client.send(
                    "GET /pixel.gif?u=u&a=a&e=e&ack=disk HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + pixel(""));
            old.send("GET /pixel.gif?u=u&a=a&e=e&ack=disk HTTP/1.0\r\n\r\n");
            server.awaitWaiting(2);
            progress.forced(2);
            assertThat(statuses(client.readAll())).isEqualTo("200 close");
            assertThat(statuses(old.readAll())).isEqualTo("200 close");
        }
        assertThat(server.accepted()).isEqualTo(2);
    }

    @Test
    void shouldRefuseALateRequestBehindAReplyThatWaits() throws Exception {
        start(AckLevel.JOURNAL, AckLevel.STORED, 60_000);
        try (Client client = new Client(server.address)) {
            client.send(post("?ack=stream", EVENT) + "GET /pix");
            server.awaitWaiting(1);
            server.advance(HttpLimits.DEFAULTS.headerTimeMillis());
            RunningServer.await(() -> server.counter(IngestCounter.REQUEST_TIMEOUTS) == 1);
            assertThat(server.counter(IngestCounter.BYTES_SENT)).isZero();
            progress.streamed(1);
            assertThat(statuses(client.readAll())).isEqualTo("202 408 close");
        }
    }

    @Test
    void shouldNotTakeAConnectionWhoseRepliesWaitForIdle() throws Exception {
        start(AckLevel.JOURNAL, AckLevel.STORED, 60_000);
        try (Client client = new Client(server.address);
                Client idle = new Client(server.address)) {
            idle.send(pixel("")).read(1);
            client.send(pixel("&ack=stream"));
            server.awaitWaiting(1);
            server.advance(HttpLimits.DEFAULTS.idleTimeMillis() - 1);
            client.send(pixel("&ack=stream"));
            server.awaitWaiting(2);
            server.advance(1);
            // The first has waited for as long as may be, and the other client was idle for that time.
            idle.readAll();
            assertThat(client.read(1)).contains("\r\nX-Ack: journal\r\n");
            progress.streamed(3);
            assertThat(statuses(client.read(2))).isEqualTo("200 200");
            server.advance(HttpLimits.DEFAULTS.idleTimeMillis());
            client.readAll();
        }
        assertThat(server.counter(IngestCounter.IDLE_TIMEOUTS)).isEqualTo(2);
    }

    @Test
    void shouldNotReadFromAConnectionForWhichTooMuchWaits() throws Exception {
        start();
        final int requests = 20_000;
        try (Client client = new Client(server.address)) {
            final CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(client, requests));
            // One read at a time: what waits is at most the bound and one read more.
            server.awaitAccepted(256);
            int answered = 0;
            while (answered < requests) {
                final long accepted = server.accepted();
                assertThat(server.waiting())
                        .isLessThan(256 + 65_536 / pixel("&ack=stream").length() + 1);
                progress.streamed(accepted);
                server.fixture.journal.reader().free(accepted);
                answered = ReplyReader.read(client.read((int) accepted), 0).size();
            }
            sent.get();
            assertThat(server.accepted()).isEqualTo(requests);
        }
    }

    private static void send(final Client client, final int requests) {
        try {
            for (int i = 0; i < requests; i += 1_000) {
                client.send(pixel("&ack=stream").repeat(1_000));
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldAnswerWhatWaitsBeforeItEnds() throws Exception {
        start();
        try (Client client = new Client(server.address);
                Client idle = new Client(server.address)) {
            client.send(post("?ack=stored", EVENT));
            idle.send(pixel("")).read(1);
            server.awaitWaiting(1);
            final CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> drain(120_000));
            // Idle connections are closed at once: then it has begun.
            idle.readAll();
            idle.reset();
            assertThat(server.waiting()).isEqualTo(1);
            progress.stored(1);
            assertThat(statuses(client.readAll())).isEqualTo("202");
            client.reset();
            assertThat(drained.get()).isTrue();
        }
    }

    @Test
    void shouldCloseWithoutAReplyAtTheDeadline() throws Exception {
        start();
        try (Client client = new Client(server.address)) {
            client.send(post("?ack=stored", EVENT) + post("", EVENT));
            server.awaitWaiting(1);
            assertThat(drain(1)).isFalse();
            server.close();
            assertThat(client.readAll()).isEmpty();
        }
        assertThat(server.accepted()).isEqualTo(2);
    }

    private boolean drain(final long timeoutMillis) {
        try {
            return server.drain(timeoutMillis);
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String statuses(final String replies) {
        return ReplyReader.summary(ReplyReader.read(replies, 0));
    }

    private static String post(final String query, final String body) {
        return "POST /events" + query + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String pixel(final String parameters) {
        return "GET /pixel.gif?u=u&a=a&e=e" + parameters + END;
    }
}
