package io.millrace.server.admin.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.AdminReply;
import io.millrace.server.admin.http.Query;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is answered around a profile; the profile itself is looked at in ProfileIT. */
class ProfileResourceTest {
    private final List<String> taken = new ArrayList<>();

    @Test
    void shouldTakeTheProfileThatIsAskedFor() throws Exception {
        final ProfileResource resource = new ProfileResource(this::take);
        final AdminReply reply = resource.answer(query("?event=lock&seconds=60"));
        resource.answer(query("?event=&seconds="));

        assertThat(taken).containsExactly("LOCK PT1M", "CPU PT10S");
        assertThat(text(reply)).isEqualTo("200 <!DOCTYPE html>");
        assertThat(reply.contentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(reply.headers())
                .containsEntry("content-disposition", "attachment; filename=\"millrace-lock.html\"")
                .hasEntrySatisfying(
                        "content-security-policy",
                        policy -> assertThat(policy)
                                .startsWith("sandbox allow-scripts; default-src 'none';")
                                .doesNotContain("allow-same-origin"));
    }

    @Test
    void shouldTakeOneAtATime() throws Exception {
        final CountDownLatch began = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);
        final ProfileResource resource = new ProfileResource((event, length) -> {
            began.countDown();
            mayEnd.await();
            return take(event, length);
        });
        final CompletableFuture<AdminReply> first = CompletableFuture.supplyAsync(() -> {
            try {
                return resource.answer(query(""));
            } catch (final AdminException e) {
                throw new AssertionError(e);
            }
        });
        began.await();
        assertThat(refused(resource).status().code()).isEqualTo(409);
        mayEnd.countDown();
        assertThat(first.join().status().code()).isEqualTo(200);
        assertThat(resource.answer(query("")).status().code()).isEqualTo(200);
    }

    @Test
    void shouldSayWhyThereCanBeNoneAndTakeTheNext() throws Exception {
        final List<Exception> faults = new ArrayList<>(List.of(
                ProfilerException.unsupported(),
                ProfilerException.unavailable("no such library", null),
                new InterruptedException()));
        final ProfileResource resource = new ProfileResource((event, length) -> {
            if (faults.isEmpty()) {
                return take(event, length);
            }
            final Exception fault = faults.remove(0);
            if (fault instanceof InterruptedException interrupt) {
                throw interrupt;
            }
            throw (ProfilerException) fault;
        });

        assertThat(text(refused(resource))).startsWith("501 {\"error\":\"not_supported\"");
        assertThat(text(refused(resource)))
                .isEqualTo("503 {\"error\":\"profiler_unavailable\",\"message\":\"no such library\"}");
        assertThat(text(refused(resource))).startsWith("503 {\"error\":\"stopping\"");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(resource.answer(query("")).status().code()).isEqualTo(200);
    }

    private String take(final ProfileEvent event, final Duration length) {
        taken.add(event + " " + length);
        return "<!DOCTYPE html>";
    }

    private static AdminReply refused(final ProfileResource resource) {
        final AdminException refusal = catchThrowableOfType(AdminException.class, () -> resource.answer(query("")));
        return refusal.reply();
    }

    private static String text(final AdminReply reply) {
        return reply.status().code() + " "
                + StandardCharsets.UTF_8.decode(reply.body().duplicate());
    }

    private static Query query(final String parameters) throws AdminException {
        return Query.parse(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/profile" + parameters));
    }
}
