package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;

/** What Netty's decoder makes of bytes, with this server's limits: the requests, and where each of them ends. */
final class NettyOracle {
    private final List<ReadRequest> requests = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private HttpRequest request;
    private Throwable failure;

    /** Reads until the bytes end, or a request is refused. */
    NettyOracle(final byte[] bytes) {
        final Decoder decoder = new Decoder();
        final ByteBuf in = Unpooled.wrappedBuffer(bytes);
        final List<Object> parts = new ArrayList<>();
        int before;
        do {
            // Each call returns with parts of one request at most, and then has read no byte behind them.
            before = in.readerIndex();
            parts.clear();
            try {
                decoder.decodeFrom(in, parts);
            } catch (final Exception e) {
                // What a pipeline makes of it is the same as of a refusal: nothing more is read.
                failure = e;
            }
            for (final Object part : parts) {
                take((HttpObject) part, in.readerIndex());
                ReferenceCountUtil.release(part);
            }
        } while (failure == null && (!parts.isEmpty() || in.readerIndex() > before));
    }

    private void take(final HttpObject part, final int end) {
        if (part.decoderResult().isFailure()) {
            failure = failure == null ? part.decoderResult().cause() : failure;
            return;
        }
        if (part instanceof final HttpRequest head) {
            request = head;
            body.setLength(0);
        }
        if (part instanceof final HttpContent content) {
            body.append(content.content().toString(ISO_8859_1));
        }
        if (part instanceof LastHttpContent && failure == null) {
            requests.add(new ReadRequest(request.method().name(), request.uri(), body.toString()));
            ends.add(end);
        }
    }

    /** The requests that were read to their ends. */
    List<ReadRequest> requests() {
        return requests;
    }

    /** The index behind the last byte of request {@code n}. */
    int end(final int n) {
        return ends.get(n);
    }

    /** Why Netty refused what follows the requests, or null. */
    Throwable failure() {
        return failure;
    }

    /** Opens the decoder to a call from outside of a pipeline; it does not look at the context. */
    private static final class Decoder extends HttpRequestDecoder {
        Decoder() {
            super(new HttpDecoderConfig()
                    .setMaxInitialLineLength(HttpLimits.DEFAULTS.requestLineBytes())
                    .setMaxHeaderSize(HttpLimits.DEFAULTS.fieldBytes())
                    .setMaxChunkSize(2 * HttpLimits.DEFAULTS.bodyBytes())
                    .setAllowDuplicateContentLengths(true));
        }

        void decodeFrom(final ByteBuf buffer, final List<Object> parts) throws Exception {
            decode(null, buffer, parts);
        }
    }
}
