package io.millrace.server.config;

/** How an event of note is written to standard error. */
public enum LogFormat {
    /** For people: time, level, thread, message. */
    TEXT,
    /** For machines: an object a line. */
    JSON
}
