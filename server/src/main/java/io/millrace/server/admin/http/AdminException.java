package io.millrace.server.admin.http;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request cannot be answered with what it asks for. */
public final class AdminException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_SHOWN_CHARS = 100;

    private final transient AdminReply reply;

    public AdminException(final AdminReply reply) {
        super(reply.status().toString());
        this.reply = reply;
    }

    public static AdminException badRequest(final String code, final String message) {
        return new AdminException(AdminReply.error(HttpResponseStatus.BAD_REQUEST, code, message));
    }

    /**
     * A parameter has a value that it cannot have: the code is {@code invalid_<name>}, the message names the value.
     *
     * @param bounds what it can have; completes "name=value: …"
     */
    public static AdminException badParameter(final String name, final String value, final String bounds) {
        final String shown = value.length() > MAX_SHOWN_CHARS ? value.substring(0, MAX_SHOWN_CHARS) + '…' : value;
        return badRequest("invalid_" + name, name + '=' + shown + ": " + bounds);
    }

    public AdminReply reply() {
        return reply;
    }
}
