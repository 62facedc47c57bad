package io.millrace.server.admin;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request cannot be answered with what it asks for. */
final class AdminException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient AdminReply reply;

    AdminException(final AdminReply reply) {
        super(reply.status().toString());
        this.reply = reply;
    }

    static AdminException badRequest(final String code, final String message) {
        return new AdminException(AdminReply.error(HttpResponseStatus.BAD_REQUEST, code, message));
    }

    AdminReply reply() {
        return reply;
    }
}
