package io.millrace.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.testing.TestEvent;
import io.millrace.server.admin.RawHttp.Reply;
import io.millrace.storage.postgres.query.QueryDatabase;
import io.millrace.storage.testing.PostgresExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of the running admin port over a real PostgreSQL, in JSON and in CSV. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String RANGE = "from=2026-01-01T00:00:00Z&to=2026-01-01T00:01:00Z";
    private static final String CSV = "text/csv; charset=utf-8; header=present";
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

    private QueryDatabase database;
    private ApiServer server;

    @BeforeAll
    void fill() throws Exception {
        database = new QueryDatabase(POSTGRES);
        database.flush(List.of(
                event(-60, "anna", "click", "buy"),
                event(1, "anna", "click", "buy"),
                event(2, "bert", "click", "buy"),
                event(3, "anna", "view", "say \"hi\", all"),
                event(31, "anna", "click", "buy")));
        database.flush(List.of(event(4, "anna", "click", "buy"), event(35, "a/b \u00e4", "view", "hero")));
        server = new ApiServer(database.queries(), START.plusSeconds(60));
    }

    @AfterAll
    void close() {
        server.close();
        database.close();
    }

    @Test
    void shouldGiveATimeSeries() throws Exception {
        assertThat(body("/api/timeseries?step=30s&from=2026-01-01T00:00:05Z&to=2026-01-01T00:00:55Z"))
                .isEqualTo("{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T00:01:00Z\",\"step\":\"30s\","
                        + "\"stepMillis\":30000,\"group\":null,\"series\":[{\"name\":null,\"total\":6,"
                        + "\"counts\":[4,2]}],\"other\":null}");
        assertThat(body("/api/timeseries?step=30s&group=element&limit=1&" + RANGE))
                .endsWith("\"group\":\"element\",\"series\":[{\"name\":\"buy\",\"total\":4,\"counts\":[3,1]}],"
                        + "\"other\":{\"name\":null,\"total\":2,\"counts\":[1,1]}}");
        assertThat(body("/api/timeseries?step=1h&action=view"))
                .contains("\"from\":\"2025-12-31T23:00:00Z\",\"to\":\"2026-01-01T01:00:00Z\"")
                .contains("\"counts\":[0,2]");
        assertThat(body("/api/timeseries?element=none")).contains("\"step\":\"30s\"", "\"series\":[],\"other\":null}");
    }

    @Test
    void shouldRankWithTheTrend() throws Exception {
        assertThat(body("/api/top?" + RANGE))
                .isEqualTo("{\"by\":\"element\",\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T00:01:00Z\","
                        + "\"previousFrom\":\"2025-12-31T23:59:00Z\",\"total\":6,\"previousTotal\":1,\"rows\":["
                        + "{\"name\":\"buy\",\"count\":4,\"previous\":1,\"change\":3.0},"
                        + "{\"name\":\"hero\",\"count\":1,\"previous\":0,\"change\":null},"
                        + "{\"name\":\"say \\\"hi\\\", all\",\"count\":1,\"previous\":0,\"change\":null}]}");
        assertThat(body("/api/top?by=action&limit=1&" + RANGE))
                .endsWith("\"rows\":[{\"name\":\"click\",\"count\":4,\"previous\":1,\"change\":3.0}]}");
    }

    @Test
    void shouldCountUsersOfTheRangeAndOfEachStep() throws Exception {
        assertThat(body("/api/users/count?" + RANGE))
                .isEqualTo("{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T00:01:00Z\",\"users\":3}");
        assertThat(body("/api/users/count?step=30s&" + RANGE))
                .endsWith("\"users\":3,\"step\":\"30s\",\"stepMillis\":30000,\"counts\":[2,2]}");
        assertThat(body("/api/users/count?action=view&element=hero&" + RANGE)).endsWith("\"users\":1}");
    }

    @Test
    void shouldListTheUsersOfOneGroup() throws Exception {
        assertThat(body("/api/users?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00.001Z&action=click&element=buy"))
                .isEqualTo("{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T00:00:00.001Z\",\"rows\":["
                        + "{\"user\":\"anna\",\"count\":2},{\"user\":\"bert\",\"count\":1}],\"next\":null}");
    }

    @Test
    void shouldSayWhatAUserDid() throws Exception {
        assertThat(body("/api/user/a%2Fb%20%C3%A4?" + RANGE))
                .isEqualTo("{\"user\":\"a/b \u00e4\",\"from\":\"2026-01-01T00:00:00Z\","
                        + "\"to\":\"2026-01-01T00:01:00Z\",\"rows\":[{\"windowStart\":\"2026-01-01T00:00:30Z\","
                        + "\"action\":\"view\",\"element\":\"hero\",\"count\":1}],\"next\":null}");
        assertThat(body("/api/user/a/b%20%C3%A4?" + RANGE)).contains("\"element\":\"hero\"");
        assertThat(body("/api/user/nobody")).contains("\"rows\":[],\"next\":null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/aggregates?", "/api/users?", "/api/user/anna?"})
    void shouldFollowTheLinksToTheLastPage(final String path) throws Exception {
        final List<String> lines = new ArrayList<>();
        String target = path + "format=csv&limit=1&" + RANGE;
        while (target != null) {
            assertThat(lines).hasSizeLessThan(10);
            final Reply page = server.get(target);
            final List<String> table = page.body().lines().toList();
            assertThat(table).hasSize(2);
            lines.add(table.get(1));
            final Matcher next = NEXT.matcher(page.fields().getOrDefault("link", ""));
            target = next.matches() ? next.group(1) : null;
        }
        final String all = server.get(path + "format=csv&" + RANGE).body();
        assertThat(lines).isEqualTo(all.lines().skip(1).toList()).hasSizeGreaterThan(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/aggregates?action=view&|windowStart,action,element,count,users"
                        + "#2026-01-01T00:00:00Z,view,\"say \"\"hi\"\", all\",1,1#2026-01-01T00:00:30Z,view,hero,1,1#",
                "/api/timeseries?step=30s&|start,count#2026-01-01T00:00:00Z,4#2026-01-01T00:00:30Z,2#",
                "/api/timeseries?step=30s&group=action&limit=1&|start,action,count#2026-01-01T00:00:00Z,click,3"
                        + "#2026-01-01T00:00:00Z,,1#2026-01-01T00:00:30Z,click,1#2026-01-01T00:00:30Z,,1#",
                "/api/top?by=action&|action,count,previous,change#click,4,1,3.0#view,2,0,#",
                "/api/users/count?|from,to,users#2026-01-01T00:00:00Z,2026-01-01T00:01:00Z,3#",
                "/api/users/count?step=30s&|start,users#2026-01-01T00:00:00Z,2#2026-01-01T00:00:30Z,2#",
                "/api/users?|user,count#a/b \u00e4,1#anna,4#bert,1#",
                "/api/user/bert?|windowStart,action,element,count#2026-01-01T00:00:00Z,click,buy,1#"
            })
    void shouldAnswerInCsv(final String path, final String lines) throws Exception {
        final Reply byField = server.get(path + RANGE, "Accept: text/csv\r\n");
        assertThat(byField.body()).isEqualTo(lines.replace("#", "\r\n"));
        assertThat(byField.fields()).containsEntry("content-type", CSV).containsEntry("vary", "accept");

        assertThat(server.get(path + "format=csv&" + RANGE).body()).isEqualTo(byField.body());
        assertThat(server.get(path + RANGE).fields()).containsEntry("content-type", "application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/timeseries?group=user,invalid_group",
        "/api/timeseries?step=15s,invalid_step",
        "/api/timeseries?limit=21,invalid_limit",
        "/api/timeseries?by=action,unknown_parameter",
        "/api/top?by=user,invalid_by",
        "/api/top?limit=101,invalid_limit",
        "/api/top?from=2024-01-01T00:00:00Z,invalid_from",
        "/api/users?from=2025-12-30T23:59:59Z,invalid_from",
        "/api/users/count?from=2025-12-30T23:59:59Z,invalid_from",
        "/api/user/anna?from=2025-12-30T23:59:59Z,invalid_from",
        "/api/user/anna%00,invalid_user",
        "/api/user/anna?after=x,invalid_after",
        "/api/users?format=xml,invalid_format",
        "/api/users?format=csv&limit=0,invalid_limit"
    })
    void shouldRefuseWithTheErrorsShape(final String target, final String code) throws Exception {
        final Reply reply = server.get(target, "Accept: text/csv\r\n");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.fields()).containsEntry("content-type", "application/json");
        assertThat(reply.body()).startsWith("{\"error\":\"" + code + "\",\"message\":\"");
    }

    @Test
    void shouldBindWhatLooksLikeSql() throws Exception {
        assertThat(body("/api/top?element=%27%20OR%20true%20--")).contains("\"rows\":[]");
        assertThat(body("/api/user/%27%20OR%20true%20--")).contains("\"rows\":[]");
        assertThat(body("/api/users?after=%27%3BDROP%20TABLE%20day_totals&" + RANGE))
                .contains("\"anna\"");
    }

    private String body(final String target) throws Exception {
        final Reply reply = server.get(target);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.body();
    }

    private static TestEvent event(final int second, final String user, final String action, final String element) {
        return new TestEvent(START.plusSeconds(second).toEpochMilli(), user, action, element);
    }
}
