package io.millrace.server.admin;

import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.AdminReply;
import io.millrace.server.admin.http.AdminResource;
import io.millrace.server.admin.http.Query;
import java.util.Set;

/**
 * {@code GET /api/status}: how the path is, from what this process has in memory. It asks no store, so it is there when one
 * is not, and can be asked for every second.
 */
final class StatusResource implements AdminResource {
    private final StatusJson status;

    StatusResource(final StatusJson status) {
        this.status = status;
    }

    @Override
    public AdminReply answer(final Query query) throws AdminException {
        query.allowOnly(Set.of());
        return AdminReply.json(status.write());
    }

    @Override
    public Execution execution() {
        return Execution.EVENT_LOOP;
    }
}
