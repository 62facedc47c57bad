package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.server.browser.Chromium;
import io.millrace.server.browser.Page;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboard in a real browser, over a server that holds two hours of a shop's traffic and goes on taking the demo's. */
class DashboardIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final String TOKEN = "a-token-of-the-test";
    /** Where the build leaves the pictures that docs/images has. */
    private static final Path PICTURES = Path.of("target", "screenshots");

    /** What people send who mean no good: of all this nothing is run, and everything is shown. */
    private static final List<String> HOSTILE = List.of(
            "<script>window.hacked = 1</script>",
            "\"><img src=x onerror=\"window.hacked = 2\">",
            "javascript:window.hacked=3//{{constructor.constructor('window.hacked = 4')()}}",
            "\u202Egpj.exe \u05E9\u05DC\u05D5\u05DD \u2067</th></tr></table>",
            "\\u0000 %00 \u0001\u001B[31m &lt;b&gt;&#60;b&#62;",
            "x".repeat(256));

    private static Stores stores;
    private static ServerProcess server;
    private static Chromium chromium;
    private static final Map<Screen, Page> SCREENS = new LinkedHashMap<>();

    @BeforeAll
    static void start(@TempDir final Path dataDir) throws Exception {
        chromium = Chromium.start();
        stores = Stores.start(POSTGRES);
        server = ServerProcess.start(options(dataDir, "--demo"));
        final long events = ShopHistory.send(server.ingest(), System.currentTimeMillis());
        Await.until("the history is stored", () -> server.admin("/ledger").number("stored") >= events);
        // Rates and the ledger of the page are taken from time to time.
        Await.until(
                "the status has the books", () -> server.admin("/api/status").number("stored") >= events);
        // Their charts of the rate fill while the other tests run.
        for (final Screen screen : screens().toList()) {
            SCREENS.put(screen, open(screen.width(), screen.height(), screen.scheme()));
        }
    }

    private static Stream<Screen> screens() {
        return Stream.of("light", "dark")
                .flatMap(scheme -> Stream.of(new Screen(360, 2900, scheme), new Screen(1440, 1230, scheme)));
    }

    @AfterAll
    static void stop() {
        CloseHelper.closeAll(chromium, server, stores);
    }

    @Test
    void shouldShowEverythingAtAGlanceAndAskNobodyElse() throws Exception {
        final Page page = open(1440, 1500, "light");

        page.await("document.querySelector('#ready-text').textContent === 'Ready'");
        page.await("document.querySelectorAll('#path .stage.good').length === 5");
        page.await("parseFloat(document.querySelector('#rate').textContent) > 0");
        page.await("parseFloat(document.querySelector('#hour-rate').textContent) > 0");
        page.await("parseInt(document.querySelector('#window-users').textContent) > 0");
        page.await("/s$/.test(document.querySelector('#p99').textContent)");
        page.await("document.querySelector('#books').textContent === 'balance'");
        page.await("document.querySelector('#elements tbody th').textContent === 'hero'");
        page.await("document.querySelector('#actions tbody th').textContent === 'view'");
        page.await("document.querySelectorAll('#legend button').length === 3");
        page.await("/[1-9][0-9,]+ events from/.test(document.querySelector('#windows-summary').textContent)");
        page.await("document.querySelectorAll('#windows canvas, #overview canvas, #users canvas').length === 3");

        final String own = "http://127.0.0.1:" + server.admin().getPort() + "/";
        assertThat(page.requests())
                .isNotEmpty()
                .allMatch(request -> request.url().startsWith(own));
        assertThat(page.complaints()).isEmpty();
        page.close();
    }

    @Test
    void shouldZoomByDraggingAndByTheKeyboard() throws Exception {
        final Page page = open(1440, 1500, "light");
        page.await("document.querySelector('#overview .u-over') && document.querySelector('#windows .u-over')");
        page.await("/each 10s/.test(document.querySelector('#windows-summary').textContent)");
        final String whole = (String) page.eval("document.querySelector('#windows-summary').textContent");

        page.drag("#overview .u-over", 0.25, 0.5);
        page.await("!document.querySelector('#reset').disabled");
        page.await("document.querySelector('#windows-summary').textContent !== " + quoted(whole));
        page.await("document.querySelector('#overview .u-select').offsetWidth > 100");
        final double quarter = shownEvents(page);
        assertThat(quarter).isLessThan(0.5 * events(whole));

        page.drag("#windows .u-over", 0.1, 0.4);
        page.await("document.querySelector('#overview .u-select').offsetWidth < 200");
        Await.until("fewer events are shown", () -> shownEvents(page) < quarter);

        page.eval("document.querySelector('#reset').focus()");
        page.press(Page.Key.ENTER);
        page.await("document.querySelector('#reset').disabled");
        Await.until("the whole range is shown", () -> shownEvents(page) > 3 * quarter);

        page.eval("document.querySelector('#zoom-in').focus()");
        page.press(Page.Key.ENTER);
        page.await("!document.querySelector('#zoom-out').disabled");
        assertThat(page.complaints()).isEmpty();
        page.close();
    }

    @Test
    void shouldChangeRangeAndLinesAndShowTheChartAsATable() throws Exception {
        final Page page = open(1440, 1500, "dark");
        page.await("document.querySelectorAll('#legend button').length === 3");
        page.click("#ranges label:nth-of-type(4)");
        page.await("/each 1h/.test(document.querySelector('#windows-summary').textContent)");
        page.eval("(select => { select.value = 'element'; select.dispatchEvent(new Event('change')); })"
                + "(document.querySelector('#group'))");
        page.await("document.querySelectorAll('#legend button').length === 8");
        page.await("document.querySelector('#legend li:last-child').textContent.startsWith('all others')");
        page.eval("document.querySelector('#windows-details').open = true");
        page.await("document.querySelectorAll('#windows-table tbody tr').length >= 24");
        page.await("document.querySelectorAll('#windows-table thead th').length === 9");

        page.click("#legend button");
        page.await("document.querySelector('#legend button').getAttribute('aria-pressed') === 'false'");
        assertThat(page.complaints()).isEmpty();
        page.close();
    }

    @ParameterizedTest
    @MethodSource("screens")
    void shouldFitItsScreenInBothColourSchemes(final Screen screen) throws Exception {
        final Page page = SCREENS.get(screen);
        page.activate();
        page.await("document.querySelectorAll('#elements tbody tr').length === 8");
        page.await("document.querySelectorAll('#legend button').length === 3");
        page.await("parseInt(document.querySelector('#window-users').textContent) > 0");
        page.await("document.querySelector('#overview canvas')");
        // The small chart of the rate has to have something to draw.
        page.await("performance.getEntriesByName(location.origin + '/api/status').length > 15");

        assertThat(((Number) page.eval("document.documentElement.scrollWidth")).intValue())
                .isEqualTo(screen.width());
        assertThat((String) page.eval("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo(screen.scheme().equals("dark") ? "rgb(15, 21, 27)" : "rgb(244, 246, 248)");
        Files.createDirectories(PICTURES);
        Files.write(
                PICTURES.resolve("dashboard-" + screen.width() + "-" + screen.scheme() + ".png"), page.screenshot());
        page.close();
    }

    @Test
    void shouldBeUsableByKeyboardAndNamedForAScreenReader() throws Exception {
        final Page page = open(1440, 1500, "light");
        page.await("document.querySelectorAll('#legend button').length === 3");
        assertThat(page.eval("[...document.querySelectorAll('button, input, select')].every(element =>"
                        + " element.labels?.length > 0 || element.textContent.trim() !== '')"))
                .isEqualTo(true);
        assertThat(page.eval("[...document.querySelectorAll('section')].every(section =>"
                        + " document.getElementById(section.getAttribute('aria-labelledby')) !== null)"))
                .isEqualTo(true);
        assertThat(page.eval("document.querySelectorAll('main, header, footer').length"))
                .isEqualTo(3L);
        assertThat(page.eval("[...document.querySelectorAll('[role=meter]')].every(meter =>"
                        + " meter.getAttribute('aria-label') && meter.getAttribute('aria-valuetext'))"))
                .isEqualTo(true);
        // What is read out without being asked for is about changes, not about numbers.
        assertThat(page.eval("document.querySelectorAll('[role=status], [aria-live]').length"))
                .isEqualTo(1L);

        page.press(Page.Key.TAB);
        assertThat(page.eval("document.activeElement.className")).isEqualTo("skip");
        page.press(Page.Key.TAB);
        assertThat(page.eval("document.activeElement.id")).isEqualTo("pause");
        page.press(Page.Key.ENTER);
        page.await("document.querySelector('#pause').getAttribute('aria-pressed') === 'true'");
        page.await("document.querySelector('#announce').textContent === 'Live updates are paused.'");
        page.close();
    }

    @Test
    void shouldAskForNothingWhilePaused() throws Exception {
        final Page page = open(1440, 1500, "light");
        page.await("document.querySelectorAll('#legend button').length === 3");
        page.click("#pause");
        // What was under way when the button was pressed comes to its end first.
        page.eval("new Promise(done => setTimeout(done, 1500))");
        final int before = page.requests().size();
        page.eval("new Promise(done => setTimeout(done, 3000))");
        assertThat(page.requests()).hasSize(before);

        page.click("#pause");
        Await.until("it asks again", () -> page.requests().size() > before);
        page.close();
    }

    @Test
    void shouldSayWhenTheServerIsGoneAndComeBackWithIt(@TempDir final Path dataDir) throws Exception {
        final ServerProcess first = ServerProcess.start(options(dataDir));
        final String admin = "127.0.0.1:" + first.admin().getPort();
        final Page page = chromium.newVisitor();
        try (first) {
            page.open("http://" + admin + "/");
            page.await("document.querySelector('#ready-text').textContent === 'Ready'");
            first.kill();
            page.await("!document.querySelector('#connection').hidden");
            page.await("document.querySelector('#connection').textContent.includes('does not answer')");
            page.await("document.querySelector('#ready-text').textContent === 'No answer'");
            page.await("document.querySelector('#announce').textContent === 'The server does not answer.'");
        }
        try (ServerProcess second = ServerProcess.start(options(dataDir, "--admin", admin))) {
            page.await("document.querySelector('#ready-text').textContent === 'Ready'");
            page.await("document.querySelector('#connection').hidden");
            assertThat(second.stop()).as(second.output()).isZero();
        }
        page.close();
    }

    @Test
    void shouldAskForTheTokenAndKeepItForTheTab(@TempDir final Path dataDir) throws Exception {
        try (ServerProcess guarded = ServerProcess.start(options(dataDir, "--admin-token", TOKEN))) {
            final Page page = chromium.newVisitor();
            page.open("http://127.0.0.1:" + guarded.admin().getPort() + "/");
            page.await("document.querySelector('#token-dialog').open");
            assertThat(page.eval("document.querySelector('#version').textContent"))
                    .isEqualTo("");
            enterToken(page, "not-the-right-one");
            page.await("document.querySelector('#connection').textContent.includes('Bearer')");
            page.await("document.querySelector('#token-dialog').open");
            enterToken(page, TOKEN);
            page.await("document.querySelector('#ready-text').textContent === 'Ready'");
            page.open("http://127.0.0.1:" + guarded.admin().getPort() + "/");
            page.await("document.querySelector('#ready-text').textContent === 'Ready'");
            assertThat(page.eval("document.querySelector('#token-dialog').open"))
                    .isEqualTo(false);
            assertThat(guarded.output()).doesNotContain(TOKEN);
            page.close();
        }
    }

    @Test
    void shouldShowHostileNamesAsTextAndRunNothingOfThem(@TempDir final Path dataDir) throws Exception {
        final List<Map<String, String>> events = HOSTILE.stream()
                .map(name -> Map.of("element", name, "action", atMost128(name), "user_id", atMost128(name)))
                .toList();
        try (Stores own = Stores.start(POSTGRES);
                ServerProcess attacked = ServerProcess.start(options(own, dataDir));
                HttpClient client = new HttpClient(attacked.ingest())) {
            client.post("/events?ack=stored", "application/json", new ObjectMapper().writeValueAsString(events));
            assertThat(client.exchange().body()).contains("\"rejected\":0");
            final Page page = chromium.newVisitor();
            page.emulate(360, 2900, "light");
            page.open("http://127.0.0.1:" + attacked.admin().getPort() + "/");

            awaitTexts(page, "#elements tbody th", HOSTILE);
            awaitTexts(
                    page,
                    "#actions tbody th",
                    HOSTILE.stream().map(DashboardIT::atMost128).toList());
            page.await("document.querySelectorAll('#legend button').length === " + HOSTILE.size());
            page.eval("(select => { select.value = 'element'; select.dispatchEvent(new Event('change')); })"
                    + "(document.querySelector('#group'))");
            awaitTexts(page, "#legend button", HOSTILE);
            page.eval("document.querySelector('#windows-details').open = true");
            awaitTexts(page, "#windows-table thead th:not(:first-child)", HOSTILE);

            assertThat(page.eval("window.hacked === undefined")).isEqualTo(true);
            assertThat(page.eval("document.querySelectorAll('main script, main img, main b').length"))
                    .isEqualTo(0L);
            assertThat(page.eval("document.documentElement.scrollWidth")).isEqualTo(360L);
            // Among them what the policy forbade, if anything had tried.
            assertThat(page.complaints()).isEmpty();
            page.close();
        }
    }

    /** Waits until the texts of some elements are these, in whatever order. */
    private static void awaitTexts(final Page page, final String selector, final List<String> texts) throws Exception {
        final String shown = "[...document.querySelectorAll('" + selector + "')].map(each => each.textContent)";
        final List<String> sorted = texts.stream().sorted().toList();
        Await.until(
                selector + " are all there",
                () -> ((List<?>) page.eval(shown))
                        .stream().map(Object::toString).sorted().toList().equals(sorted));
    }

    private static String atMost128(final String name) {
        return name.substring(0, Math.min(128, name.length()));
    }

    /** What somebody looks at it with. */
    private record Screen(int width, int height, String scheme) {}

    private static void enterToken(final Page page, final String token) throws Exception {
        page.eval("document.querySelector('#token').value = '" + token + "'");
        page.click("#token-form button");
        page.await("!document.querySelector('#token-dialog').open || document.querySelector('#token').value === ''");
    }

    private static Page open(final int width, final int height, final String scheme) throws Exception {
        final Page page = chromium.newVisitor();
        page.emulate(width, height, scheme);
        page.open("http://127.0.0.1:" + server.admin().getPort() + "/");
        return page;
    }

    private static double shownEvents(final Page page) throws Exception {
        return events((String) page.eval("document.querySelector('#windows-summary').textContent"));
    }

    private static double events(final String summary) {
        return Double.parseDouble(summary.substring(0, summary.indexOf(' ')).replace(",", ""));
    }

    private static String quoted(final String text) {
        return "'" + text.replace("'", "\\'") + "'";
    }

    private static List<String> options(final Path dataDir, final String... more) {
        return options(stores, dataDir, more);
    }

    private static List<String> options(final Stores stores, final Path dataDir, final String... more) {
        final List<String> options = new ArrayList<>(stores.options());
        options.addAll(List.of("--data-dir", dataDir.toString(), "--event-loops", "1"));
        options.addAll(List.of(more));
        return options;
    }
}
