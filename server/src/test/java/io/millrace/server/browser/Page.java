package io.millrace.server.browser;

import io.millrace.storage.testing.Await;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One tab: goes to addresses, runs scripts, moves the mouse, and knows what was requested. Not thread-safe, but for the events
 * that come meanwhile.
 */
public final class Page {
    private final DevTools devTools;
    private final String context;
    private final String target;
    private final String session;
    private final List<Request> requests = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    /** The navigations whose page is there with what it loads, by the number that the browser gives each. */
    private final Set<Object> loaded = ConcurrentHashMap.newKeySet();

    Page(final DevTools devTools, final String context) throws IOException {
        this.devTools = devTools;
        this.context = context;
        target = (String)
                devTools.call(null, "Target.createTarget", Map.of("url", "about:blank", "browserContextId", context))
                        .get("targetId");
        session = (String) devTools.call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId");
        devTools.listen(this::onEvent);
        call("Page.enable", Map.of());
        call("Page.setLifecycleEventsEnabled", Map.of("enabled", true));
        call("Network.enable", Map.of());
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
    }

    private void onEvent(final DevTools.Message event) {
        if (!session.equals(event.session())) {
            return;
        }
        if (event.method().equals("Page.lifecycleEvent")) {
            if (event.parameters().get("name").equals("load")) {
                loaded.add(event.parameters().get("loaderId"));
            }
        } else if (event.method().equals("Runtime.exceptionThrown")) {
            complain(event.parameters().get("exceptionDetails").toString());
        } else if (event.method().equals("Log.entryAdded")) {
            final Map<String, Object> entry = DevTools.object(event.parameters().get("entry"));
            if (entry.get("level").equals("error")) {
                complain(entry.get("text") + " " + entry.get("url"));
            }
        } else if (event.method().equals("Network.requestWillBeSent")) {
            final Map<String, Object> request =
                    DevTools.object(event.parameters().get("request"));
            synchronized (requests) {
                requests.add(new Request(
                        (String) request.get("method"),
                        (String) request.get("url"),
                        (String) event.parameters().get("type"),
                        (String) request.getOrDefault("postData", "")));
            }
        }
    }

    private void complain(final String complaint) {
        synchronized (complaints) {
            complaints.add(complaint);
        }
    }

    /** Another tab of the same visitor. */
    public Page newTab() throws IOException {
        return new Page(devTools, context);
    }

    /** Goes to an address and waits until the page and what it loads is there. */
    public void open(final String url) throws Exception {
        // Not any page: the empty one that a tab begins with may be loaded after the order to go.
        final Object loader = call("Page.navigate", Map.of("url", url)).get("loaderId");
        Await.until(url + " is loaded", () -> loaded.contains(loader));
    }

    /** Runs a script before those of every page to come. */
    public void runFirst(final String script) throws IOException {
        call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    /** Adds fields to every request to come. */
    public void addFields(final Map<String, String> fields) throws IOException {
        call("Network.setExtraHTTPHeaders", Map.of("headers", fields));
    }

    /** The value of an expression, as JSON has it; if it is a promise, of what it promises. */
    public Object eval(final String expression) throws IOException {
        final Map<String, Object> reply = call(
                "Runtime.evaluate",
                Map.of("expression", expression, "returnByValue", true, "awaitPromise", true, "userGesture", true));
        if (reply.containsKey("exceptionDetails")) {
            throw new AssertionError(expression + ": " + reply.get("exceptionDetails"));
        }
        return DevTools.object(reply.get("result")).get("value");
    }

    /** Waits until an expression is true. */
    public void await(final String expression) throws Exception {
        Await.until(expression, () -> Boolean.TRUE.equals(eval("!!(" + expression + ")")));
    }

    /** Clicks on the middle of an element, which has to be on the screen. */
    public void click(final String selector) throws IOException {
        awaitRest(selector);
        final String box = "document.querySelector('" + selector + "').getBoundingClientRect()";
        final double x = number("(box => box.x + box.width / 2)(" + box + ")");
        final double y = number("(box => box.y + box.height / 2)(" + box + ")");
        for (final String type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    Map.of("type", type, "x", x, "y", y, "button", "left", "buttons", 1, "clickCount", 1));
        }
    }

    /** Presses the mouse on an element at a share of its width, and lets go at another. */
    public void drag(final String selector, final double from, final double to) throws IOException {
        awaitRest(selector);
        final String box = "document.querySelector('" + selector + "').getBoundingClientRect()";
        final double left = number(box + ".x");
        final double width = number(box + ".width");
        final double y = number("(box => box.y + box.height / 2)(" + box + ")");
        mouse("mouseMoved", left + width * from, y, 0);
        mouse("mousePressed", left + width * from, y, 1);
        mouse("mouseMoved", left + width * (from + to) / 2, y, 1);
        mouse("mouseMoved", left + width * to, y, 1);
        mouse("mouseReleased", left + width * to, y, 1);
    }

    /** Waits until an element does not move any more: what is above it may still be filling. */
    private void awaitRest(final String selector) throws IOException {
        eval("""
                new Promise(done => {
                  let last;
                  const look = () => {
                    const box = document.querySelector('%s').getBoundingClientRect();
                    const now = [box.x, box.y, box.width, box.height].join();
                    if (now === last) {
                      done();
                    } else {
                      last = now;
                      setTimeout(look, 50);
                    }
                  };
                  look();
                })""".formatted(selector));
    }

    private void mouse(final String type, final double x, final double y, final int buttons) throws IOException {
        call(
                "Input.dispatchMouseEvent",
                Map.of("type", type, "x", x, "y", y, "button", "left", "buttons", buttons, "clickCount", 1));
    }

    private double number(final String expression) throws IOException {
        return ((Number) eval(expression)).doubleValue();
    }

    /** Presses and releases a key. */
    public void press(final Key key) throws IOException {
        final Map<String, Object> down = new HashMap<>(key.event("keyDown"));
        if (!key.text.isEmpty()) {
            down.put("text", key.text);
        }
        call("Input.dispatchKeyEvent", down);
        call("Input.dispatchKeyEvent", key.event("keyUp"));
    }

    /** Keys by which somebody without a mouse gets about. */
    public enum Key {
        TAB("Tab", 9, ""),
        ENTER("Enter", 13, "\r");

        private final String name;
        private final int code;
        private final String text;

        Key(final String name, final int code, final String text) {
            this.name = name;
            this.code = code;
            this.text = text;
        }

        private Map<String, Object> event(final String type) {
            return Map.of("type", type, "key", name, "code", name, "windowsVirtualKeyCode", code);
        }
    }

    /** Makes the page as wide and high as that, without scroll bars, in the colours that somebody prefers. */
    public void emulate(final int width, final int height, final String colourScheme) throws IOException {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        call("Emulation.setScrollbarsHidden", Map.of("hidden", true));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colourScheme))));
    }

    /** A picture of what is on the screen, as PNG. */
    public byte[] screenshot() throws IOException {
        return Base64.getDecoder().decode((String)
                call("Page.captureScreenshot", Map.of("format", "png")).get("data"));
    }

    /** What the pages of this tab complained of so far: exceptions, errors, and what a security policy forbade. */
    public List<String> complaints() {
        synchronized (complaints) {
            return List.copyOf(complaints);
        }
    }

    /** Turns the mouse wheel, and waits until the page is where that brings it. */
    public void scrollBy(final int pixels) throws Exception {
        final long to = Math.round(((Number) eval("scrollY")).doubleValue()) + pixels;
        call(
                "Input.dispatchMouseEvent",
                Map.of("type", "mouseWheel", "x", 500, "y", 400, "deltaX", 0, "deltaY", pixels));
        await("Math.round(scrollY) === Math.max(0, Math.min(" + to
                + ", document.documentElement.scrollHeight - innerHeight))");
    }

    /** Brings this tab to the front. */
    public void activate() throws IOException {
        devTools.call(null, "Target.activateTarget", Map.of("targetId", target));
    }

    /** What the pages of this tab requested so far. */
    public List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    public void close() throws IOException {
        devTools.call(null, "Target.closeTarget", Map.of("targetId", target));
    }

    private Map<String, Object> call(final String method, final Map<String, ?> parameters) throws IOException {
        return devTools.call(session, method, parameters);
    }

    /**
     * A request that left a page.
     *
     * @param type as the browser sees it: Document, Script, Image, Fetch, Ping for a beacon
     */
    public record Request(String method, String url, String type, String body) {}
}
