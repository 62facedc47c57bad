package io.millrace.server;

import io.millrace.server.config.Role;
import io.millrace.server.config.ServerConfig;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** What the server tells the person who started it, on standard output; the log goes to standard error. */
final class Announcement {
    private static final PrintStream OUT = System.out;

    private Announcement() {}

    /** Says that the server is up, whether it is ready, where it listens, and what to try. */
    static void print(
            final ServerConfig config,
            final Stores stores,
            final boolean storeMissing,
            final InetSocketAddress listening,
            final InetSocketAddress admin) {
        final Instant started = started();
        final double seconds = Duration.between(started, Instant.now()).toMillis() / 1000.0;
        final StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "Millrace %s is %s after %.2f s, on Java %s%n",
                version(),
                storeMissing ? "up, but not ready: a store is missing," : "ready",
                seconds,
                javaVersion()));
        if (listening != null) {
            line(text, "ingest", ingestUrl(config, listening));
        }
        line(text, "admin", url(admin));
        line(text, "dashboard", url(admin) + "/");
        line(text, "redis", stores.describeRedis());
        if (config.role() != Role.INGEST) {
            line(text, "postgres", stores.describePostgres());
        }
        line(text, "data", config.dataDir().toString());
        if (config.demo()) {
            line(text, "demo", "about 20 simulated events a second, counted like any other");
        }
        if (listening != null) {
            line(
                    text,
                    "try",
                    "curl -i -H 'Content-Type: application/json'"
                            + " -d '{\"user_id\":42,\"action\":\"click\",\"element\":\"buy\"}' "
                            + ingestUrl(config, listening) + "/events");
        }
        OUT.print(text);
        OUT.flush();
    }

    /** When the launcher started the JVM; without a launcher, when the process began. */
    private static Instant started() {
        final Long startMillis = Long.getLong("millrace.startMillis");
        return startMillis != null
                ? Instant.ofEpochMilli(startMillis)
                : ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }

    /** Prints the books as they stand at the end. */
    static void printLedger(final String json) {
        OUT.println("ledger " + json);
        OUT.flush();
    }

    /** The version in the jar's manifest. */
    static String version() {
        final String version = Announcement.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    private static String javaVersion() {
        return Runtime.version().toString();
    }

    private static void line(final StringBuilder text, final String name, final String value) {
        text.append(String.format("  %-11s%s%n", name, value));
    }

    /** As somebody on this machine would type it. */
    private static String ingestUrl(final ServerConfig config, final InetSocketAddress address) {
        return config.tls().isPresent() ? url(address).replaceFirst("http", "https") : url(address);
    }

    private static String url(final InetSocketAddress address) {
        final InetAddress ip = address.getAddress();
        final String host = ip.isAnyLocalAddress() ? "127.0.0.1" : ip.getHostAddress();
        return "http://" + (host.contains(":") ? '[' + host + ']' : host) + ':' + address.getPort();
    }
}
