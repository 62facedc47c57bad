package io.millrace.server.admin;

import io.millrace.pipeline.window.StoreException;
import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.AdminReply;
import io.millrace.server.admin.http.AdminResource;
import io.millrace.server.admin.http.Query;
import java.util.Set;

/** {@code GET /ledger[?verify=full]}. */
final class LedgerResource implements AdminResource {
    private static final String VERIFY = "verify";

    private final Ledger ledger;

    LedgerResource(final Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public AdminReply answer(final Query query) throws AdminException, StoreException {
        query.allowOnly(Set.of(VERIFY));
        final String verify = query.get(VERIFY).orElse("");
        if (!verify.isEmpty() && !verify.equals("full")) {
            throw AdminException.badRequest("invalid_verify", "verify can be full, or left away");
        }
        return AdminReply.json(LedgerJson.write(ledger.snapshot(!verify.isEmpty())));
    }
}
