package io.millrace.server.admin;

import io.millrace.server.admin.http.AdminReply;
import io.millrace.server.admin.http.AdminResource;
import io.millrace.server.admin.http.Query;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.util.Map;

/** {@code GET /metrics}; a scraper may add whatever parameters it likes. */
final class MetricsResource implements AdminResource {
    private final Metrics metrics;

    MetricsResource(final Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public AdminReply answer(final Query query) {
        return new AdminReply(HttpResponseStatus.OK, Metrics.CONTENT_TYPE, ByteBuffer.wrap(metrics.text()), Map.of());
    }
}
