package io.millrace.server.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.storage.testing.TempFolders;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A headless Chromium with a profile of its own, which ends and is removed with it. Not thread-safe. */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final String MISSING = "Chromium is missing, which this test needs: on Debian run"
            + " 'sudo apt-get install -y chromium', elsewhere put " + String.join(" or ", NAMES)
            + " on the PATH, then start again";
    private static final String LISTENING = "DevTools listening on ";
    private static final int START_SECONDS = 180;
    private static final int STOP_SECONDS = 120;

    private final Path profile;
    private final Process process;
    private final DevTools devTools;

    private Chromium(final Path profile, final Process process, final DevTools devTools) {
        this.profile = profile;
        this.process = process;
        this.devTools = devTools;
    }

    /** Starts a browser with the preferences of a new profile. */
    public static Chromium start() throws IOException {
        return start("{}");
    }

    /**
     * Starts a browser.
     *
     * @param preferences of its profile, in JSON
     * @throws AssertionError if there is no Chromium; it says how to install it
     * @throws IOException if it does not start
     */
    public static Chromium start(final String preferences) throws IOException {
        final String executable = executable();
        final Path profile = Files.createTempDirectory("millrace-chromium");
        Files.createDirectory(profile.resolve("Default"));
        Files.writeString(profile.resolve("Default").resolve("Preferences"), preferences);
        final ProcessBuilder builder = new ProcessBuilder(
                executable,
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                // The pages are the test's own; in a container the sandbox cannot be had.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-extensions",
                "--disable-sync",
                "--no-first-run",
                "--no-default-browser-check",
                "--window-size=1000,800",
                "about:blank");
        builder.environment().put("HOME", profile.toString());
        final Process process = builder.redirectErrorStream(true).start();
        try {
            return new Chromium(profile, process, new DevTools(address(process)));
        } catch (final IOException e) {
            end(process);
            throw e;
        }
    }

    private static String executable() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new AssertionError(MISSING));
    }

    /** Reads the address from what the browser prints, and goes on reading so that it never waits for a reader. */
    private static URI address(final Process process) throws IOException {
        final CompletableFuture<URI> address = new CompletableFuture<>();
        final List<String> output = new ArrayList<>();
        final Thread reader = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            if (line.startsWith(LISTENING)) {
                                address.complete(URI.create(line.substring(LISTENING.length())));
                            } else if (!address.isDone()) {
                                output.add(line);
                            }
                        }
                        address.completeExceptionally(new IOException("it ended: " + String.join("\n", output)));
                    } catch (final IOException e) {
                        address.completeExceptionally(e);
                    }
                },
                "chromium-output");
        reader.setDaemon(true);
        reader.start();
        try {
            return address.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (final ExecutionException | TimeoutException e) {
            throw new IOException("Chromium does not start", e);
        }
    }

    /** Opens a page that shares nothing with any other: no storage, no cache, no cookies. */
    public Page newVisitor() throws IOException {
        final Object context =
                devTools.call(null, "Target.createBrowserContext", Map.of()).get("browserContextId");
        return new Page(devTools, (String) context);
    }

    @Override
    public void close() throws IOException {
        devTools.close();
        end(process);
        TempFolders.delete(profile);
    }

    /** Ends the browser and its helpers: a helper that were left could still write to the profile. */
    private static void end(final Process process) {
        final List<ProcessHandle> helpers = process.descendants().toList();
        awaitEnd(process.destroyForcibly().toHandle());
        for (final ProcessHandle helper : helpers) {
            helper.destroyForcibly();
            awaitEnd(helper);
        }
    }

    private static void awaitEnd(final ProcessHandle process) {
        process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    }
}
