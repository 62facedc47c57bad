/**
 * The binary event: its layout, its limits and the flyweight that reads it.
 *
 * <p>Stage before: the decoders of the ingest port, which write events in this layout. Stage after: the journal, which
 * carries them unread. Owning thread: whichever holds the buffer. Allocation: none.
 */
package io.millrace.pipeline.event;
