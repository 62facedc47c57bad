package io.millrace.storage.redis;

import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;

/** The reply of {@code XADD NOMKSTREAM}: whether it was an ID, and not nil. */
final class AppendOutput extends CommandOutput<String, Block, Boolean> {
    AppendOutput() {
        super(BlockCodec.INSTANCE, Boolean.FALSE);
    }

    @Override
    public void set(final ByteBuffer id) {
        output = id != null;
    }
}
