package io.millrace.server.admin.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.AdminReply;
import io.millrace.server.admin.http.AdminResource;
import io.millrace.server.admin.http.Query;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /profile?event=cpu|alloc|wall|lock&seconds=N}: a flame graph of the running server. It slows the server a little and
 * shows how it is built, so it is a POST, for whoever has the token, and one at a time. Thread-safe.
 */
public final class ProfileResource implements AdminResource {
    private static final Logger LOG = LoggerFactory.getLogger(ProfileResource.class);
    private static final int DEFAULT_SECONDS = 10;
    static final int MAX_SECONDS = 60;
    private static final String EVENTS =
            Arrays.stream(ProfileEvent.values()).map(ProfileEvent::word).collect(Collectors.joining(", "));

    /**
     * The graph's page is async-profiler's and draws itself by a script within it, which the policy of this port forbids. So it is sent
     * as a file to save; and should a browser be made to show it all the same, its script runs in an origin of its own, without the
     * port's, and reaches nothing.
     */
    private static final Map<String, String> HEADERS = Map.of(
            "content-security-policy",
            "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
                    + " frame-ancestors 'none'");

    private final Profiler profiler;
    private final Semaphore free = new Semaphore(1);

    public ProfileResource(final Profiler profiler) {
        this.profiler = profiler;
    }

    @Override
    public Method method() {
        return Method.POST;
    }

    @Override
    public Access access() {
        return Access.TOKEN_ALWAYS;
    }

    @Override
    public Execution execution() {
        return Execution.LONG_THREAD;
    }

    @Override
    public AdminReply answer(final Query query) throws AdminException {
        query.allowOnly(Set.of("event", "seconds"));
        final ProfileEvent event = event(query);
        final Duration length = Duration.ofSeconds(seconds(query));
        if (!free.tryAcquire()) {
            throw new AdminException(AdminReply.error(
                    HttpResponseStatus.CONFLICT,
                    "profiling",
                    "another profile is being taken: ask again when it is done, after " + MAX_SECONDS
                            + " s at the latest"));
        }
        try {
            final String graph = profiler.flameGraph(event, length);
            return new AdminReply(
                            HttpResponseStatus.OK,
                            "text/html; charset=utf-8",
                            ByteBuffer.wrap(graph.getBytes(UTF_8)),
                            HEADERS)
                    .with("content-disposition", "attachment; filename=\"millrace-" + event.word() + ".html\"");
        } catch (final ProfilerException e) {
            LOG.warn("no profile: {}", e.getMessage(), e.getCause());
            throw refusal(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminException(AdminReply.error(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "stopping", "the server is being stopped"));
        } finally {
            free.release();
        }
    }

    private static ProfileEvent event(final Query query) throws AdminException {
        final String word = query.get("event").orElse(ProfileEvent.CPU.word());
        return ProfileEvent.of(word)
                .orElseThrow(() -> AdminException.badParameter("event", word, "must be one of " + EVENTS));
    }

    private static int seconds(final Query query) throws AdminException {
        final String text = query.get("seconds").orElse(Integer.toString(DEFAULT_SECONDS));
        final int seconds = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw AdminException.badParameter("seconds", text, "must be a whole number, 1 to " + MAX_SECONDS);
        }
        return seconds;
    }

    private static AdminException refusal(final ProfilerException e) {
        return new AdminException(
                e.isSupported()
                        ? AdminReply.error(
                                HttpResponseStatus.SERVICE_UNAVAILABLE, "profiler_unavailable", e.getMessage())
                        : AdminReply.error(HttpResponseStatus.NOT_IMPLEMENTED, "not_supported", e.getMessage()));
    }
}
