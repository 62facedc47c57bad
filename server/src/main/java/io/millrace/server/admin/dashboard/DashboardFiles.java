package io.millrace.server.admin.dashboard;

import io.millrace.server.admin.http.AdminResource;
import io.millrace.server.admin.http.StaticResource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The files of the dashboard, by path. Stateless. */
public final class DashboardFiles {
    /**
     * What the page may do (CSP 3): run, show and fetch what this server serves, and nothing else; no script or style stands in
     * the page itself. {@code data:} is for pictures in the style sheet.
     */
    private static final Map<String, String> PAGE_HEADERS = Map.of(
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "cross-origin-opener-policy",
            "same-origin",
            "permissions-policy",
            "camera=(), geolocation=(), microphone=()");

    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final List<String> SCRIPTS = List.of(
            "api.js",
            "app.js",
            "charts.js",
            "dom.js",
            "format.js",
            "health.js",
            "path.js",
            "poll.js",
            "tables.js",
            "users.js",
            "view.js",
            "windows.js");
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/";
    private static final String UPLOT_POM = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

    private DashboardFiles() {}

    /** The files by path; the page itself is at the root. */
    public static Map<String, AdminResource> resources() {
        final Map<String, AdminResource> files = new HashMap<>();
        files.put("/", own("index.html", "text/html; charset=utf-8", PAGE_HEADERS));
        files.put("/favicon.svg", own("favicon.svg", "image/svg+xml", Map.of()));
        files.put("/dashboard/style.css", own("style.css", STYLE, Map.of()));
        SCRIPTS.forEach(script -> files.put("/dashboard/" + script, own(script, SCRIPT, Map.of())));
        final String uplot = UPLOT + uplotVersion() + "/dist/";
        files.put("/dashboard/uPlot.esm.js", file(uplot + "uPlot.esm.js", SCRIPT));
        files.put("/dashboard/uPlot.min.css", file(uplot + "uPlot.min.css", STYLE));
        return files;
    }

    private static AdminResource own(final String name, final String contentType, final Map<String, String> headers) {
        return new StaticResource(DashboardFiles.class.getResource(name), contentType, headers);
    }

    private static AdminResource file(final String path, final String contentType) {
        return new StaticResource(DashboardFiles.class.getResource(path), contentType, Map.of());
    }

    /** A webjar has its version in its paths. */
    private static String uplotVersion() {
        try (InputStream pom = DashboardFiles.class.getResourceAsStream(UPLOT_POM)) {
            if (pom == null) {
                throw new IllegalStateException("the program is incomplete: uPlot is missing");
            }
            final Properties properties = new Properties();
            properties.load(pom);
            return properties.getProperty("version");
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read " + UPLOT_POM, e);
        }
    }
}
