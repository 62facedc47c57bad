package io.millrace.server.endtoend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Load whose every event has a user of its own, so that each can be looked for. Keeps the users of events that were
 * accepted, and of those that were sent and never answered.
 */
final class UniqueEvents implements Runnable {
    private static final int PIPELINED = 8;

    private final InetSocketAddress server;
    private final String prefix;
    private final SplittableRandom random;
    private final AtomicBoolean stopped;
    private final long pauseNanos;
    private final Set<String> accepted = new HashSet<>();
    private final Set<String> unanswered = new HashSet<>();
    private long sent;
    private volatile boolean answered;

    UniqueEvents(final InetSocketAddress server, final String prefix, final long seed, final AtomicBoolean stopped) {
        this(server, prefix, seed, stopped, 0);
    }

    /**
     * A load.
     *
     * @param pauseNanos between two bursts of requests, so that a long run stays small
     */
    UniqueEvents(
            final InetSocketAddress server,
            final String prefix,
            final long seed,
            final AtomicBoolean stopped,
            final long pauseNanos) {
        this.server = server;
        this.prefix = prefix;
        this.stopped = stopped;
        this.pauseNanos = pauseNanos;
        random = new SplittableRandom(seed);
    }

    /** Users of events that were answered with an acceptance. */
    Set<String> accepted() {
        return accepted;
    }

    /** Users of events whose answer never came. */
    Set<String> unanswered() {
        return unanswered;
    }

    /** Whether there was an answer yet. May be called while it runs. */
    boolean isAnswered() {
        return answered;
    }

    /** Sends until it is stopped or the connection breaks. */
    @Override
    public void run() {
        final Queue<List<String>> pending = new ArrayDeque<>();
        try (HttpClient client = new HttpClient(server)) {
            while (!stopped.get()) {
                LockSupport.parkNanos(pauseNanos);
                for (int i = 0; i < PIPELINED; i++) {
                    pending.add(send(client));
                }
                client.flush();
                while (!pending.isEmpty()) {
                    final HttpClient.Reply reply = client.read();
                    final List<String> users = pending.remove();
                    answered = true;
                    if (reply.status() == 202 || reply.status() == 200) {
                        accepted.addAll(users);
                    }
                }
            }
        } catch (final IOException e) {
            // The server was killed under the load: what is pending was never answered.
            pending.forEach((Collection<String> users) -> unanswered.addAll(users));
        }
    }

    private List<String> send(final HttpClient client) {
        switch (random.nextInt(3)) {
            case 0 -> {
                final List<String> users = users(1);
                client.get("/pixel.gif?u=" + users.get(0) + "&a=view&e=kill");
                return users;
            }
            case 1 -> {
                final List<String> users = users(1);
                client.post("/events", "application/json", json(users.get(0)));
                return users;
            }
            default -> {
                final List<String> users = users(1 + random.nextInt(50));
                client.post(
                        "/events",
                        "application/x-ndjson",
                        String.join("\n", users.stream().map(UniqueEvents::json).toList()));
                return users;
            }
        }
    }

    private List<String> users(final int count) {
        final String[] users = new String[count];
        for (int i = 0; i < count; i++) {
            users[i] = prefix + '-' + sent++;
        }
        return List.of(users);
    }

    private static String json(final String user) {
        return "{\"user_id\":\"" + user + "\",\"action\":\"view\",\"element\":\"kill\"}";
    }
}
