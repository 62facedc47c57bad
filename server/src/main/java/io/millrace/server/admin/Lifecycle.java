package io.millrace.server.admin;

/** What the server as a whole is about. */
public enum Lifecycle {
    /** Its parts are being brought up, or recovered journals are being looked through. */
    STARTING,
    /** It takes events. */
    READY,
    /** It takes no more events and carries on what it has. */
    DRAINING
}
