package io.millrace.server.admin;

import io.millrace.server.admin.http.AdminReply;
import io.millrace.server.admin.http.AdminResource;
import io.millrace.server.admin.http.Json;
import io.millrace.server.admin.http.Query;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code GET /healthz} and {@code GET /readyz}, whose query parameters are of no interest. They tell nothing but that, and an
 * orchestrator has no token.
 */
final class HealthResources {
    private HealthResources() {}

    static Map<String, AdminResource> of(final Readiness readiness) {
        return Map.of(
                "/healthz", new OpenResource(HealthResources::health),
                "/readyz", new OpenResource(() -> readiness(readiness)));
    }

    /** Says that the process lives, by answering at all. */
    private static AdminReply health() {
        return AdminReply.json(status("ok").endObject());
    }

    /** Says whether the server should be sent events, and if not, why. */
    private static AdminReply readiness(final Readiness readiness) {
        final List<Readiness.Reason> reasons = readiness.reasons();
        if (reasons.isEmpty()) {
            return AdminReply.json(status("ready").endObject());
        }
        final Json json = status("unready");
        write(json, reasons);
        return AdminReply.json(HttpResponseStatus.SERVICE_UNAVAILABLE, json.endObject());
    }

    /** Writes the member {@code reasons}. */
    static void write(final Json json, final List<Readiness.Reason> reasons) {
        json.name("reasons").beginArray();
        for (final Readiness.Reason reason : reasons) {
            json.beginObject();
            json.name("code").value(reason.code());
            json.name("message").value(reason.message());
            json.endObject();
        }
        json.endArray();
    }

    private static Json status(final String status) {
        return new Json().beginObject().name("status").value(status);
    }

    /** Answered at once, to everybody. */
    private record OpenResource(Supplier<AdminReply> reply) implements AdminResource {
        @Override
        public AdminReply answer(final Query query) {
            return reply.get();
        }

        @Override
        public Access access() {
            return Access.OPEN;
        }

        @Override
        public Execution execution() {
            return Execution.EVENT_LOOP;
        }
    }
}
