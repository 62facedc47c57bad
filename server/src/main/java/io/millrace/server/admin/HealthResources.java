package io.millrace.server.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Set;

/** {@code GET /healthz} and {@code GET /readyz}, whose query parameters are of no interest. */
final class HealthResources {
    static final String HEALTH = "/healthz";
    static final String READINESS = "/readyz";

    /** They tell nothing but that, and an orchestrator has no token. */
    static final Set<String> OPEN_PATHS = Set.of(HEALTH, READINESS);

    private HealthResources() {}

    /** Says that the process lives, by answering at all. */
    static AdminReply health() {
        return AdminReply.json(status("ok").endObject());
    }

    /** Says whether the server should be sent events, and if not, why. */
    static AdminReply readiness(final Readiness readiness) {
        final List<Readiness.Reason> reasons = readiness.reasons();
        if (reasons.isEmpty()) {
            return AdminReply.json(status("ready").endObject());
        }
        final Json json = status("unready").name("reasons").beginArray();
        for (final Readiness.Reason reason : reasons) {
            json.beginObject();
            json.name("code").value(reason.code());
            json.name("message").value(reason.message());
            json.endObject();
        }
        return AdminReply.json(
                HttpResponseStatus.SERVICE_UNAVAILABLE, json.endArray().endObject());
    }

    private static Json status(final String status) {
        return new Json().beginObject().name("status").value(status);
    }
}
