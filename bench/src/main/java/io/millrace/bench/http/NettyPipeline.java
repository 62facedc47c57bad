package io.millrace.bench.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;

/**
 * Netty's decoder where a server has it: in a pipeline, before a handler that asks each request for what Millrace's head
 * says, and releases what it got. Method, target, query and fields are found, their texts not copied again.
 */
final class NettyPipeline extends ChannelInboundHandlerAdapter {
    private static final AsciiString WRITE_KEY = AsciiString.cached("x-write-key");

    HttpMethod method;
    String target;
    int queryIndex;
    boolean persistent;
    boolean chunked;
    boolean expectsContinue;
    String host;
    String contentLength;
    String contentType;
    String contentEncoding;
    String origin;
    String writeKey;
    String authorization;
    boolean complete;

    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder(), this);

    /** Decodes one request. The caller keeps its reference to the buffer. */
    void decode(final ByteBuf request) {
        complete = false;
        channel.pipeline().fireChannelRead(request.retain()).fireChannelReadComplete();
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message) {
        if (message instanceof final HttpRequest request) {
            read(request);
        }
        complete |= message instanceof LastHttpContent;
        ReferenceCountUtil.release(message);
    }

    private void read(final HttpRequest request) {
        method = request.method();
        target = request.uri();
        queryIndex = target.indexOf('?');
        persistent = HttpUtil.isKeepAlive(request);
        chunked = HttpUtil.isTransferEncodingChunked(request);
        expectsContinue = HttpUtil.is100ContinueExpected(request);
        final HttpHeaders fields = request.headers();
        host = fields.get(HttpHeaderNames.HOST);
        contentLength = fields.get(HttpHeaderNames.CONTENT_LENGTH);
        contentType = fields.get(HttpHeaderNames.CONTENT_TYPE);
        contentEncoding = fields.get(HttpHeaderNames.CONTENT_ENCODING);
        origin = fields.get(HttpHeaderNames.ORIGIN);
        writeKey = fields.get(WRITE_KEY);
        authorization = fields.get(HttpHeaderNames.AUTHORIZATION);
    }
}
