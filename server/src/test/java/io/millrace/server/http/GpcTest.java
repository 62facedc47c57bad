package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.server.ingest.AckSettings;
import io.millrace.server.ingest.GpcPolicy;
import io.millrace.server.ingest.Gzip;
import io.millrace.server.ingest.IngestSettings;
import io.millrace.server.ingest.ServerFixture;
import io.millrace.server.ingest.WriteKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is recorded of a request with Global Privacy Control, from its bytes to the journal. */
class GpcTest {
    private static final String GPC = "Sec-GPC: 1\r\n";
    private static final String EVENT = "{\"user_id\":\"jane\",\"action\":\"a\",\"element\":\"e\",\"event_id\":\"id\"}";
    private static final String KNOWN = "jane a e id";
    private static final String UNKNOWN = "- a e ";

    @TempDir
    Path folder;

    private ServerFixture fixture;
    private HttpLoop loop;
    private long readUpTo;

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRecordWhatThePolicySays(final GpcPolicy policy) {
        open(policy);
        final String batch = "[" + EVENT + ",{}," + EVENT.replace("jane", "u".repeat(128)) + "]";
        final List<String> requests = List.of(
                pixel(""),
                post("Content-Type: application/json\r\n", EVENT),
                post("Content-Type: text/plain;charset=UTF-8\r\n", EVENT + " " + EVENT),
                post("Content-Type: application/x-ndjson\r\n", EVENT + "\n{}\n" + EVENT),
                post("Content-Encoding: gzip\r\n", Gzip.member(EVENT)),
                post("", batch));
        for (final String request : requests) {
            final String reply = send(request);
            final List<String> recorded = recorded();
            assertThat(recorded).as(reply).isNotEmpty().allMatch(event -> event.endsWith(" a e id"));
            assertThat(send(request.replace("Host: a\r\n", "Host: a\r\n" + GPC)))
                    .as("the reply says nothing of it")
                    .isEqualTo(reply);
            switch (policy) {
                case DROP -> assertThat(recorded()).isEmpty();
                case ANONYMIZE -> assertThat(recorded()).hasSameSizeAs(recorded).containsOnly(UNKNOWN);
                case IGNORE -> assertThat(recorded()).isEqualTo(recorded);
            }
        }
        final long events = 9;
        assertThat(counter(IngestCounter.EVENTS_DROPPED)).isEqualTo(policy == GpcPolicy.DROP ? events : 0);
        assertThat(counter(IngestCounter.EVENTS_ANONYMIZED)).isEqualTo(policy == GpcPolicy.ANONYMIZE ? events : 0);
        assertThat(counter(IngestCounter.EVENTS_ACCEPTED))
                .isEqualTo(policy == GpcPolicy.DROP ? events : 2 * events)
                .isEqualTo(fixture.journal.progress().accepted());
        assertThat(counter(IngestCounter.EVENTS_REJECTED)).isEqualTo(4);
    }

    @Test
    void shouldTellTheFaultsOfEventsThatItDropsAndWakeNobody() {
        open(GpcPolicy.DROP);
        assertThat(send(post(GPC, "{\"user_id\":1,\"element\":\"e\"}")))
                .startsWith("HTTP/1.1 400 ")
                .contains("missing_action");
        assertThat(send("HEAD" + pixel(GPC).substring(3))).startsWith("HTTP/1.1 200 ");
        assertThat(send(pixel(GPC))).startsWith("HTTP/1.1 200 ").doesNotContain("X-Event-Status");
        assertThat(fixture.wakeUps).hasValue(0);
        assertThat(counter(IngestCounter.EVENTS_DROPPED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-GPC: 1",
                "sec-gpc:1",
                "SEC-GPC:\t 1 \t",
                "Sec-GPC: 0\r\nSec-GPC: 1",
                "Sec-GPC: 1\r\nSec-GPC: 0"
            })
    void shouldHearOneOnly(final String field) {
        open(GpcPolicy.ANONYMIZE);
        send(pixel(field + "\r\n"));
        assertThat(recorded()).containsExactly(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-GPC:",
                "Sec-GPC: 0",
                "Sec-GPC: true",
                "Sec-GPC: ?1",
                "Sec-GPC: 11",
                "Sec-GPC: 1;x",
                "Sec-GPD: 1",
                "DNT: 1",
                "Sec-GPC-: 1"
            })
    void shouldNotHearAnythingElse(final String field) {
        open(GpcPolicy.ANONYMIZE);
        send(pixel(field + "\r\n"));
        assertThat(recorded()).containsExactly(KNOWN);
    }

    /** Requests of one connection look alike: whether they say it must be seen in each of them. */
    @Test
    void shouldTellRequestsOfOneConnectionApart() {
        open(GpcPolicy.ANONYMIZE);
        final String with = pixel(GPC);
        final String other = pixel("Sec-GPC: 0\r\n");
        final String without = pixel("");
        final byte[] bytes = (with.repeat(4) + other.repeat(4) + with.repeat(2) + without.repeat(4) + with.repeat(2))
                .getBytes(ISO_8859_1);
        final List<String> expected = new ArrayList<>();
        for (final int count : new int[] {4, -4, 2, -4, 2}) {
            for (int i = 0; i < Math.abs(count); i++) {
                expected.add(count > 0 ? UNKNOWN : KNOWN);
            }
        }
        for (final int piece : new int[] {bytes.length, 1, 7, 100}) {
            Splits.send(loop, bytes, piece, piece);
            assertThat(recorded()).as("in pieces of %d", piece).isEqualTo(expected);
        }
    }

    private void open(final GpcPolicy policy) {
        fixture = new ServerFixture(folder, 1 << 24);
        loop = fixture.httpLoop(
                new IngestSettings(HttpLimits.DEFAULTS, WriteKeys.NONE, CorsPolicy.ANY, AckSettings.DEFAULTS, policy));
    }

    private long counter(final IngestCounter counter) {
        return loop.counters().get(counter);
    }

    private String send(final String request) {
        final byte[] bytes = request.getBytes(ISO_8859_1);
        return Splits.send(loop, bytes, bytes.length, bytes.length);
    }

    /** The events in the journal that came since the last call. */
    private List<String> recorded() {
        final List<String> events = new ArrayList<>();
        final EventFlyweight event = new EventFlyweight();
        while (fixture.journal.reader().peek((firstSequence, count, buffer, offset, length) -> {
                    final int before = events.size();
                    for (int at = offset; at < offset + length; at += event.length()) {
                        assertThat(event.tryWrap(buffer, at, offset + length)).isTrue();
                        events.add(String.join(
                                " ",
                                text(buffer, event.userOffset(), event.userLength()),
                                text(buffer, event.actionOffset(), event.actionLength()),
                                text(buffer, event.elementOffset(), event.elementLength()),
                                text(buffer, event.eventIdOffset(), event.eventIdLength())));
                    }
                    assertThat(firstSequence).isEqualTo(readUpTo + 1);
                    assertThat(events).hasSize(before + count);
                    readUpTo += count;
                    return true;
                })
                > 0) {
            fixture.journal.reader().advance();
        }
        return events;
    }

    private static String text(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, UTF_8);
    }

    private static String pixel(final String fields) {
        return "GET /pixel.gif?u=jane&a=a&e=e&eid=id HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    }

    private static String post(final String fields, final String body) {
        return "POST /events HTTP/1.1\r\nHost: a\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
