package io.millrace.server.endtoend;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.browser.Chromium;
import io.millrace.server.browser.Page;
import io.millrace.server.browser.Page.Request;
import io.millrace.server.browser.PageServer;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.Relay;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tracker in a real browser, on pages of another origin, from the mouse to the rows in PostgreSQL. Every test has a page
 * of its own, whose path all its elements begin with; at the end the tables hold what the tests expected and nothing else.
 */
class TrackerIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final String KEY = "page-key";
    private static final String HIDE_BEACON = "navigator.sendBeacon = undefined;";
    private static final Map<Row, Long> EXPECTED = new HashMap<>();

    private static Stores stores;
    private static ServerProcess server;
    private static PageServer site;
    private static Chromium chromium;
    private static String origin;

    @BeforeAll
    static void start(@TempDir final Path dataDir) throws Exception {
        chromium = Chromium.start();
        site = new PageServer();
        stores = Stores.start(POSTGRES);
        final List<String> options = new ArrayList<>(stores.options());
        options.addAll(List.of("--data-dir", dataDir.toString(), "--event-loops", "1", "--write-key", KEY));
        server = ServerProcess.start(options);
        origin = "http://127.0.0.1:" + server.ingest().getPort();
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (server != null) {
                chromium.close();
                chromium = null;
                assertThat(server.stop()).as(server.output()).isZero();
                assertThat(rows("")).isEqualTo(EXPECTED);
            }
        } finally {
            CloseHelper.closeAll(chromium, server, site, stores);
        }
    }

    @Test
    void shouldRecordWhatAReaderDoes() throws Exception {
        final Page page = chromium.newVisitor();
        page.open(site.put(
                "/reader",
                // As docs/tracker.md says; what the page does for itself is allowed by 'unsafe-inline'.
                "default-src 'none'; script-src 'unsafe-inline' ORIGIN; connect-src ORIGIN; img-src ORIGIN; style-src"
                                .replace("ORIGIN", origin)
                        + " 'unsafe-inline'",
                """
                <!doctype html><title>Reader</title>
                <script>
                  window.millrace = { q: [], track(...call) { this.q.push(call); } };
                  millrace.track('early', '/reader#early');
                </script>
                %s %s
                <body style="margin: 0; height: 4000px">
                <button data-millrace="/reader#buy"><span id="inner">Buy</span></button>
                <p id="plain">Nothing that has a name.</p>
                <p id="viewed" data-millrace="/reader#viewed" data-millrace-on="view">Only views.</p>
                <p id="clicked" data-millrace="/reader#clicked" data-millrace-on="click">Only clicks.</p>
                <div data-millrace="/reader#tall" style="position: absolute; top: 1500px; height: 2400px">Tall.</div>
                """.formatted(tag(""), tag(""))));
        final Object user = page.eval("localStorage.getItem('millrace')");
        // These come by themselves, while the page is there.
        final Map<Row, Long> atFirst = new HashMap<>();
        atFirst.put(new Row(user, "early", "/reader#early"), 1L);
        atFirst.put(new Row(user, "view", "/reader"), 1L);
        atFirst.put(new Row(user, "view", "/reader#buy"), 1L);
        atFirst.put(new Row(user, "view", "/reader#viewed"), 1L);
        Await.until("the first rows", () -> rows("/reader").equals(atFirst));
        assertThat(sent(page)).extracting(Request::type).containsOnly("Fetch");

        page.click("#inner");
        page.click("#plain");
        page.click("#viewed");
        page.click("#clicked");
        page.click("#clicked");
        page.eval("millrace.track('play', '/reader#intro')");
        page.eval("document.body.insertAdjacentHTML('afterbegin', '<b data-millrace=\"/reader#new\">New</b>')");
        page.scrollBy(900);
        page.scrollBy(900);
        page.scrollBy(-1800);
        page.scrollBy(4000);
        page.scrollBy(-4000);
        page.open(site.put("/reader/next", "", "<title>Without a tracker</title>"));

        final Map<Row, Long> expected = new HashMap<>(atFirst);
        expected.put(new Row(user, "click", "/reader#buy"), 1L);
        expected.put(new Row(user, "click", "/reader#clicked"), 2L);
        expected.put(new Row(user, "play", "/reader#intro"), 1L);
        expected.put(new Row(user, "view", "/reader#new"), 1L);
        expected.put(new Row(user, "view", "/reader#tall"), 1L);
        for (final int depth : new int[] {25, 50, 75, 100}) {
            expected.put(new Row(user, "scroll_" + depth, "/reader"), 1L);
        }
        expect("/reader", expected);
    }

    @Test
    void shouldSendWhenThePageIsHiddenAndKnowTheVisitorAgain() throws Exception {
        final Page page = chromium.newVisitor();
        final String address = site.put("/hidden", "", page("data-page='/hidden#page'", "Hello"));
        page.open(address);
        final Page other = page.newTab();
        other.activate();
        page.await("document.visibilityState === 'hidden'");
        final Object user = page.eval("localStorage.getItem('millrace')");
        expect("/hidden", Map.of(new Row(user, "view", "/hidden#page"), 1L));
        assertThat(sent(page)).extracting(Request::type).containsExactly("Ping");
        page.activate();
        page.await("document.visibilityState === 'visible'");
        page.eval("millrace.track('return', '/hidden#page')");
        other.activate();
        expect(
                "/hidden",
                Map.of(new Row(user, "view", "/hidden#page"), 1L, new Row(user, "return", "/hidden#page"), 1L));
        // Of the other tab, in which the same page is opened, the page view is another.
        other.open(address);
        other.close();
        expect(
                "/hidden",
                Map.of(new Row(user, "view", "/hidden#page"), 2L, new Row(user, "return", "/hidden#page"), 1L));
    }

    @Test
    void shouldCountAPageInTheBackgroundWhenItIsShown() throws Exception {
        final Page page = chromium.newVisitor();
        final Page front = page.newTab();
        front.activate();
        page.open(site.put("/background", "", page("data-user-id='user 42'", "Hello")));
        assertThat(page.eval("document.visibilityState")).isEqualTo("hidden");
        assertThat(page.eval("localStorage.length")).isEqualTo(0L);
        page.eval("millrace.track('wait', '/background')");
        front.close();
        page.activate();
        page.await("document.visibilityState === 'visible'");
        page.close();
        expect(
                "/background",
                Map.of(
                        new Row("user 42", "wait", "/background"), 1L,
                        new Row("user 42", "view", "/background"), 1L));
    }

    @Test
    void shouldFetchWhereABeaconIsRefused() throws Exception {
        final Page page = chromium.newVisitor();
        page.runFirst("navigator.sendBeacon = () => false;");
        page.open(site.put("/fetch", "", page("", "Hello")));
        final Object user = page.eval("localStorage.getItem('millrace')");
        final Page other = page.newTab();
        other.activate();
        expect("/fetch", Map.of(new Row(user, "view", "/fetch"), 1L));
        assertThat(sent(page)).extracting(Request::type).containsExactly("Fetch");
        page.activate();
        page.await("document.visibilityState === 'visible'");
        page.eval("millrace.track('leave', '/fetch')");
        page.open("about:blank");
        expect("/fetch", Map.of(new Row(user, "view", "/fetch"), 1L, new Row(user, "leave", "/fetch"), 1L));
    }

    @Test
    void shouldSendPixelsWhereThereIsNothingElse() throws Exception {
        final Page page = chromium.newVisitor();
        page.runFirst(HIDE_BEACON + "window.fetch = undefined;");
        page.open(site.put("/pixel", "", page("", "Hello")));
        final Object user = page.eval("localStorage.getItem('millrace')");
        page.eval("millrace.track('a & b', '/pixel#ünï + code=1')");
        page.newTab().activate();
        expect(
                "/pixel",
                Map.of(new Row(user, "view", "/pixel"), 1L, new Row(user, "a & b", "/pixel#ünï + code=1"), 1L));
        assertThat(sent(page)).extracting(Request::type).containsOnly("Image");
    }

    @Test
    void shouldSendPixelsWhereThePolicyOfThePageAllowsNothingElse() throws Exception {
        final Page page = chromium.newVisitor();
        page.open(site.put(
                "/policy",
                "default-src 'none'; script-src ORIGIN; img-src ORIGIN".replace("ORIGIN", origin),
                page("", "<p data-millrace='/policy#p'>Hello")));
        final Object user = page.eval("localStorage.getItem('millrace')");
        // While it is there, a page hears that it may not connect; of a beacon it would not.
        expect("/policy", Map.of(new Row(user, "view", "/policy"), 1L, new Row(user, "view", "/policy#p"), 1L));
        assertThat(sent(page)).last().extracting(Request::type).isEqualTo("Image");
    }

    @Test
    void shouldGoWithoutStorageWhereItIsForbidden() throws Exception {
        final Page page = chromium.newVisitor();
        page.open(site.put("/sandbox", "sandbox allow-scripts", page("", "Hello")));
        assertThat(page.eval("origin")).isEqualTo("null");
        page.eval("millrace.track('a', '/sandbox')");
        page.newTab().activate();
        Await.until("both events are stored", () -> rows("/sandbox").size() == 2);
        final Object user = rows("/sandbox").keySet().iterator().next().user();
        assertThat((String) user).matches("[0-9a-z]{20,28}");
        expect("/sandbox", Map.of(new Row(user, "view", "/sandbox"), 1L, new Row(user, "a", "/sandbox"), 1L));
    }

    @Test
    void shouldNotUseStorageIfThePageDoesNotWantIt() throws Exception {
        final Page page = chromium.newVisitor();
        page.open(site.put("/none", "", page("data-storage='none'", "Hello")));
        assertThat(page.eval("localStorage.length + document.cookie.length")).isEqualTo(0L);
        page.open("about:blank");
        Await.until("the view is stored", () -> rows("/none").size() == 1);
        final Object user = rows("/none").keySet().iterator().next().user();
        expect("/none", Map.of(new Row(user, "view", "/none"), 1L));
    }

    @Test
    void shouldLeaveThoseInPeaceWhoAskForIt() throws Exception {
        final String address = site.put("/private", "", page("", "<p id='p' data-millrace='/private#p'>Hello"));
        try (Chromium doNotTrack = Chromium.start("{\"enable_do_not_track\":true}")) {
            final Page page = doNotTrack.newVisitor();
            page.open(address);
            assertThat(page.eval("navigator.doNotTrack")).isEqualTo("1");
            shouldSendNothing(page);
        }
        final Page page = chromium.newVisitor();
        // Chromium has no switch for it, as Firefox and Brave have.
        page.runFirst("Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })");
        page.open(address);
        shouldSendNothing(page);
    }

    private static void shouldSendNothing(final Page page) throws Exception {
        page.eval("millrace.track('a', '/private')");
        page.click("#p");
        page.newTab().activate();
        page.await("document.visibilityState === 'hidden'");
        assertThat(page.eval("localStorage.length + document.cookie.length")).isEqualTo(0L);
        assertThat(page.requests()).extracting(Request::type).containsExactly("Document", "Script");
        page.close();
    }

    @Test
    void shouldNotKnowAtTheServerWhoAsksForIt() throws Exception {
        final Page page = chromium.newVisitor();
        page.addFields(Map.of("Sec-GPC", "1"));
        final String pixel = origin + "/pixel.gif?u=jane&a=view&e=/gpc&writeKey=" + KEY + "&eid=";
        page.open(site.put("/gpc", "", "<img src='" + pixel + "1'><img src='" + pixel + "2'>"));
        expect("/gpc", Map.of(new Row("-", "view", "/gpc"), 2L));
    }

    @Test
    void shouldKeepWhatDoesNotGetThroughAndSendItAgain() throws Exception {
        final Page page = chromium.newVisitor();
        try (Relay relay = new Relay(server.ingest().getPort())) {
            final Object user = openThrough(relay, page, "/again");
            relay.cut();
            page.await("failedPixels === 1");
            relay.open();
            page.newTab().activate();
            expect("/again", Map.of(new Row(user, "view", "/again"), 1L));
        }
        assertThat(sent(page)).extracting(Request::type).containsExactly("Fetch", "Image", "Ping");
        final String id = sent(page).get(0).body().replaceFirst(".*\"event_id\":\"([0-9a-z.]+)\".*", "$1");
        assertThat(sent(page).get(1).url()).contains("&event_id=" + id + "&");
        assertThat(sent(page).get(2).body()).contains("\"event_id\":\"" + id + "\",\"timestamp\":");
    }

    @Test
    void shouldCountOnceWhatItSendsAgainBecauseTheReplyWasLost() throws Exception {
        final Page page = chromium.newVisitor();
        final long duplicates = server.admin("/ledger").number("duplicates");
        try (Relay relay = new Relay(server.ingest().getPort())) {
            final Object user = openThrough(relay, page, "/lost");
            relay.swallowReplies(true);
            page.await("failedPixels === 1");
            relay.swallowReplies(false);
            page.newTab().activate();
            expect("/lost", Map.of(new Row(user, "view", "/lost"), 1L));
        }
        assertThat(sent(page)).extracting(Request::type).containsExactly("Fetch", "Image", "Ping");
        // It came once by each way at least; the browser itself tries some requests again, too.
        Await.until(
                "the others are known to be the same",
                () -> server.admin("/ledger").number("duplicates") >= duplicates + 2);
    }

    /** Opens a page whose tracker goes through a relay, and which counts pixels that failed. Returns its visitor. */
    private static Object openThrough(final Relay relay, final Page page, final String path) throws Exception {
        // Counted behind whatever the tracker does when one fails.
        page.runFirst("""
                window.failedPixels = 0;
                window.Image = class extends Image {
                  constructor() {
                    super();
                    this.addEventListener('error', () => setTimeout(() => failedPixels++));
                  }
                };
                """);
        relay.open();
        page.open(site.put(path, "", page("", "Hello").replace(origin, "http://127.0.0.1:" + relay.port())));
        return page.eval("localStorage.getItem('millrace')");
    }

    /** Waits until the page's rows are there, and demands that they are these. */
    private static void expect(final String path, final Map<Row, Long> expected) throws Exception {
        final long events = total(expected);
        Await.until(events + " events of " + path, () -> total(rows(path)) >= events);
        assertThat(rows(path)).isEqualTo(expected);
        EXPECTED.putAll(expected);
    }

    private static long total(final Map<Row, Long> rows) {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Events by user, action and element, of all elements that begin like that. */
    private static Map<Row, Long> rows(final String path) throws SQLException {
        return stores.tables().users().entrySet().stream()
                .filter(entry -> entry.getKey().element().startsWith(path))
                .collect(groupingBy(
                        entry -> new Row(
                                entry.getKey().user(),
                                entry.getKey().action(),
                                entry.getKey().element()),
                        summingLong(Map.Entry::getValue)));
    }

    /** What the tracker sent, without the preflights and the script. */
    private static List<Request> sent(final Page page) {
        return page.requests().stream()
                .filter(request ->
                        request.url().contains("/events?") || request.url().contains("/pixel.gif?"))
                .toList();
    }

    private static String page(final String attributes, final String body) {
        return "<!doctype html><title>Page</title><link rel='icon' href='data:,'>" + tag(attributes) + "<body>" + body;
    }

    private static String tag(final String attributes) {
        return "<script async src='" + origin + "/tracker.js' data-write-key='" + KEY + "' " + attributes
                + "></script>";
    }

    private record Row(Object user, String action, String element) {}
}
