package io.millrace.server.decode;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** The four forms of input, so that a test can run over all of them. */
enum Form {
    JSON {
        @Override
        void decode(
                final EventDecoder decoder,
                final DirectBuffer src,
                final int offset,
                final int length,
                final long receivedMillis,
                final MutableDirectBuffer dst,
                final int dstOffset,
                final DecodeResult result) {
            decoder.decodeJson(src, offset, length, receivedMillis, dst, dstOffset, result);
        }
    },
    LINES {
        @Override
        void decode(
                final EventDecoder decoder,
                final DirectBuffer src,
                final int offset,
                final int length,
                final long receivedMillis,
                final MutableDirectBuffer dst,
                final int dstOffset,
                final DecodeResult result) {
            decoder.decodeLines(src, offset, length, receivedMillis, dst, dstOffset, result);
        }
    },
    BEACON {
        @Override
        void decode(
                final EventDecoder decoder,
                final DirectBuffer src,
                final int offset,
                final int length,
                final long receivedMillis,
                final MutableDirectBuffer dst,
                final int dstOffset,
                final DecodeResult result) {
            decoder.decodeBeacon(src, offset, length, receivedMillis, dst, dstOffset, result);
        }
    },
    QUERY {
        @Override
        void decode(
                final EventDecoder decoder,
                final DirectBuffer src,
                final int offset,
                final int length,
                final long receivedMillis,
                final MutableDirectBuffer dst,
                final int dstOffset,
                final DecodeResult result) {
            decoder.decodeQuery(src, offset, length, receivedMillis, dst, dstOffset, result);
        }
    };

    abstract void decode(
            EventDecoder decoder,
            DirectBuffer src,
            int offset,
            int length,
            long receivedMillis,
            MutableDirectBuffer dst,
            int dstOffset,
            DecodeResult result);

    int maxEncodedBytes(final int length) {
        return this == QUERY ? EventDecoder.maxEncodedQueryBytes(length) : EventDecoder.maxEncodedJsonBytes(length);
    }
}
