package io.millrace.storage.redis;

import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.ToByteBufEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes keys as UTF-8 and blocks as they are, straight into the socket buffer. Replies never come this way: each
 * output takes the bytes that it needs.
 */
final class BlockCodec implements RedisCodec<String, Block>, ToByteBufEncoder<String, Block> {
    static final BlockCodec INSTANCE = new BlockCodec();

    private BlockCodec() {}

    @Override
    public void encodeKey(final String key, final ByteBuf target) {
        ByteBufUtil.writeUtf8(target, key);
    }

    @Override
    public void encodeValue(final Block block, final ByteBuf target) {
        block.encode(target);
    }

    @Override
    public int estimateSize(final Object keyOrValue) {
        return keyOrValue instanceof Block block ? block.length() : ByteBufUtil.utf8Bytes((String) keyOrValue);
    }

    @Override
    public boolean isEstimateExact() {
        return true;
    }

    @Override
    public ByteBuffer encodeKey(final String key) {
        return StandardCharsets.UTF_8.encode(key);
    }

    @Override
    public ByteBuffer encodeValue(final Block block) {
        throw new UnsupportedOperationException("blocks are written by encodeValue(Block, ByteBuf)");
    }

    @Override
    public String decodeKey(final ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Override
    public Block decodeValue(final ByteBuffer bytes) {
        throw new UnsupportedOperationException("blocks are read by EntriesOutput");
    }
}
