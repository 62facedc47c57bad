package io.millrace.storage.redis;

import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Any reply as a tree: {@link String}, {@link Long}, null, or a {@link List} of these. For the commands that are seldom
 * sent; a bulk string too long to be a text is a block that came along unasked, and reads as an empty string.
 */
final class TreeOutput extends CommandOutput<String, Block, Object> {
    private static final int MAX_TEXT_BYTES = 256 * 1024;

    private final Deque<List<Object>> open = new ArrayDeque<>();

    TreeOutput() {
        super(BlockCodec.INSTANCE, null);
    }

    @Override
    public void set(final ByteBuffer bytes) {
        add(bytes != null && bytes.remaining() > MAX_TEXT_BYTES ? "" : decodeString(bytes));
    }

    @Override
    public void set(final long integer) {
        add(integer);
    }

    @Override
    public void multi(final int count) {
        final List<Object> list = new ArrayList<>(Math.max(count, 0));
        add(count < 0 ? null : list);
        open.push(list);
    }

    /** Called after each element, scalar or array, with the number of arrays that are still open. */
    @Override
    public void complete(final int depth) {
        while (open.size() > depth) {
            open.pop();
        }
    }

    private void add(final Object value) {
        if (open.isEmpty()) {
            output = value;
        } else {
            open.element().add(value);
        }
    }
}
