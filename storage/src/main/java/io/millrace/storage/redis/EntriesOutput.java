package io.millrace.storage.redis;

import io.lettuce.core.output.CommandOutput;
import io.millrace.pipeline.window.EventFeed.EntryHandler;
import java.nio.ByteBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * The reply of an {@code XREAD} of one stream, copied out of Lettuce's pooled buffers into memory that is used again by
 * the next one.
 *
 * <pre>
 *   depth  1 [  2 [ key, 3 [ 4 [ id, 5 [ field, value, … ] ], … ] ] ]          RESP2, https://redis.io/commands/xread
 * </pre>
 *
 * <p>Written by the thread of Lettuce, read by the caller once the command is complete. After a call that failed, the
 * former may still write: the object must not be used again.
 */
final class EntriesOutput extends CommandOutput<String, Block, EntriesOutput> {
    private static final int KEY_DEPTH = 2;
    private static final int ENTRIES_DEPTH = 3;
    private static final int ID_DEPTH = 4;
    private static final int FIELDS_DEPTH = 5;
    private static final int NO_BLOCK = -1;

    private final ExpandableArrayBuffer blocks = new ExpandableArrayBuffer(64 * 1024);
    private final long[] generations;
    private final long[] sequences;
    private final int[] offsets;
    private final int[] lengths;
    private int size;
    private int used;
    private int depth;
    private boolean isFieldName;
    private boolean isBlock;

    EntriesOutput(final int maxEntries) {
        super(BlockCodec.INSTANCE, null);
        generations = new long[maxEntries];
        sequences = new long[maxEntries];
        offsets = new int[maxEntries];
        lengths = new int[maxEntries];
        output = this;
    }

    /** Empties it for the next reply. */
    void reset() {
        size = 0;
        used = 0;
        depth = 0;
    }

    int size() {
        return size;
    }

    long lastGeneration() {
        return generations[size - 1];
    }

    long lastSequence() {
        return sequences[size - 1];
    }

    void forEach(final EntryHandler handler) {
        for (int i = 0; i < size; i++) {
            handler.onEntry(generations[i], sequences[i], blocks, offsets[i], lengths[i]);
        }
    }

    @Override
    public void multi(final int count) {
        depth++;
        if (depth == FIELDS_DEPTH) {
            isFieldName = true;
        }
    }

    /** Called after each element, scalar or array, with the number of arrays that are still open. */
    @Override
    public void complete(final int openArrays) {
        if (openArrays == ENTRIES_DEPTH && depth == ID_DEPTH) {
            size++;
        }
        depth = openArrays;
    }

    @Override
    public void set(final ByteBuffer bytes) {
        if (depth == FIELDS_DEPTH) {
            onField(bytes);
        } else if (depth == ID_DEPTH) {
            onId(bytes);
        } else if (depth > KEY_DEPTH) {
            throw new IllegalStateException("an XREAD reply does not look like this at depth " + depth);
        }
    }

    private void onId(final ByteBuffer id) {
        generations[size] = parseUnsigned(id);
        sequences[size] = parseUnsigned(id);
        offsets[size] = 0;
        lengths[size] = NO_BLOCK;
    }

    private void onField(final ByteBuffer bytes) {
        if (isFieldName) {
            isBlock = lengths[size] == NO_BLOCK
                    && bytes.remaining() == 1
                    && bytes.get(bytes.position()) == RedisKeys.BLOCK_FIELD;
        } else if (isBlock) {
            final int length = bytes.remaining();
            blocks.putBytes(used, bytes, length);
            offsets[size] = used;
            lengths[size] = length;
            used += length;
        }
        isFieldName = !isFieldName;
    }

    /** Reads digits up to the dash or the end. */
    private static long parseUnsigned(final ByteBuffer text) {
        long value = 0;
        while (text.hasRemaining()) {
            final byte digit = text.get();
            if (digit == '-') {
                break;
            }
            value = value * 10 + (digit - '0');
        }
        return value;
    }

    /** Not the blocks: Lettuce logs commands at debug level. */
    @Override
    public String toString() {
        return "EntriesOutput[size=" + size + ", bytes=" + used + "]";
    }
}
