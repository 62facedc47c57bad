package io.millrace.pipeline.journal;

import java.nio.ByteBuffer;

/**
 * Something in a journal that failed its check when the journal was opened.
 *
 * @param afterSequence the last event before it
 * @param reason what is wrong with it
 * @param content its first bytes, with its header; read-only
 */
public record DamagedRecord(long afterSequence, String reason, ByteBuffer content) {
    /** The content as an array of its own. */
    public byte[] bytes() {
        final byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return bytes;
    }
}
