package io.millrace.server.ingest;

/**
 * What becomes of events whose request says {@code Sec-GPC: 1}. The reply is the same in any case: whether an event is sound
 * does not depend on who sent it.
 *
 * @see <a href="https://www.w3.org/TR/gpc/">Global Privacy Control</a>
 */
public enum GpcPolicy {
    /** They are answered as accepted and counted, but not recorded. */
    DROP,
    /** They are recorded without their user and their event_id: see {@link Anonymizer}. */
    ANONYMIZE,
    /** They are recorded like any other. */
    IGNORE
}
