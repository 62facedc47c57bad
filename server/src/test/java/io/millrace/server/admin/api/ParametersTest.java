package io.millrace.server.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.Query;
import io.millrace.storage.postgres.query.AggregateCursor;
import io.millrace.storage.postgres.query.AggregateFilter;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final AggregateFilter DEFAULTS =
            new AggregateFilter(Instant.parse("2026-03-01T11:00:00Z"), NOW, null, null, null, 101);

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "?from=&to=&action=&element=&limit=&after="})
    void shouldTakeTheLastHourByDefault(final String parameters) throws Exception {
        assertThat(read(parameters)).isEqualTo(DEFAULTS);
    }

    @Test
    void shouldReadAllParameters() throws Exception {
        final AggregateCursor after = new AggregateCursor(Instant.ofEpochMilli(1_500), "a", "e");
        assertThat(read("?from=1000&to=1970-01-01T00:00:02Z&action=%C3%A4&element=b+c&limit=1000&after="
                        + CursorCodec.encode(after)))
                .isEqualTo(new AggregateFilter(
                        Instant.ofEpochMilli(1_000), Instant.ofEpochMilli(2_000), "\u00e4", "b c", after, 1_001));
    }

    @Test
    void shouldCountTheDefaultOfFromBackFromTo() throws Exception {
        assertThat(read("?to=7200000").from()).isEqualTo(Instant.ofEpochMilli(3_600_000));
        assertThat(read("?to=1000").from()).isEqualTo(Instant.EPOCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03-01T12:30:00+01:00", "2026-03-01T12:30:00%2B01:00", "2026-03-01T11:30Z"})
    void shouldReadOffsetsEscapedOrNot(final String from) throws Exception {
        assertThat(read("?from=" + from).from()).isEqualTo(Instant.parse("2026-03-01T11:30:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "?from=x,invalid_from",
        "?from=2026-03-01,invalid_from",
        "?from=2026-03-01T11:00:00,invalid_from",
        "?from=-1,invalid_from",
        "?from=99999999999999999999,invalid_from",
        "?from=253402300800000,invalid_from",
        "?from=1969-12-31T23:59:59Z,invalid_from",
        "?from=2026-03-01T12:00:01Z,invalid_from",
        "?from=2000&to=1000,invalid_from",
        "?from=1&from=2,invalid_from",
        "?to=yesterday,invalid_to",
        "?to=%2B292278994-08-17T07:12:55Z,invalid_to",
        "?limit=0,invalid_limit",
        "?limit=1001,invalid_limit",
        "?limit=-5,invalid_limit",
        "?limit=1e2,invalid_limit",
        "?limit=99999999999,invalid_limit",
        "?after=x,invalid_after",
        "?after=AQ,invalid_after",
        "?action=a&action=b,invalid_action",
        "?element=a%00,invalid_element"
    })
    void shouldRefuse(final String parameters, final String code) {
        final AdminException refused = catchThrowableOfType(AdminException.class, () -> read(parameters));
        assertThat(refused.reply().status().code()).isEqualTo(400);
        assertThat(UTF_8.decode(refused.reply().body()).toString())
                .startsWith("{\"error\":\"" + code + "\",\"message\":\"");
    }

    @Test
    void shouldNameTheValueAndTheBounds() {
        assertThat(message("?limit=1001")).isEqualTo("limit=1001: must be a whole number from 1 to 1000");
        assertThat(message("?from=" + "9".repeat(500)))
                .startsWith("from=" + "9".repeat(100) + "\u2026: must be ISO-8601")
                .endsWith("from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z");
        assertThat(message("?from=2000&to=1000"))
                .isEqualTo("from=1970-01-01T00:00:02Z: must not be after to, which is 1970-01-01T00:00:01Z");
    }

    @Test
    void shouldBoundTheRangeWhereUsersAreRead() throws Exception {
        final Duration day = Duration.ofHours(24);
        assertThat(parameters("?from=0&to=86400000").filter(day).to()).isEqualTo(Instant.ofEpochMilli(86_400_000));
        final AdminException refused = catchThrowableOfType(
                AdminException.class, () -> parameters("?from=0&to=86400001").filter(day));
        assertThat(UTF_8.decode(refused.reply().body()).toString())
                .isEqualTo(
                        "{\"error\":\"invalid_from\",\"message\":\"from=1970-01-01T00:00:00Z: must be at most 1d before"
                                + " to, which is 1970-01-02T00:00:00.001Z\"}");
    }

    private static String message(final String parameters) {
        final AdminException refused = catchThrowableOfType(AdminException.class, () -> read(parameters));
        final String body = UTF_8.decode(refused.reply().body()).toString();
        return body.substring(body.indexOf("\"message\":\"") + 11, body.length() - 2);
    }

    private static AggregateFilter read(final String parameters) throws AdminException {
        return AggregatesResource.filter(parameters(parameters));
    }

    private static Parameters parameters(final String parameters) throws AdminException {
        final Query query = Query.parse(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/api/aggregates" + parameters));
        return new Parameters(query, Clock.fixed(NOW, ZoneOffset.UTC), Duration.ofSeconds(10));
    }
}
