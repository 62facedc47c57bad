package io.millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/**
 * Writes the requests of a load, one after the other.
 *
 * <p>Not thread-safe; writing allocates nothing.
 */
final class RequestWriter {
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(US_ASCII);

    private final RequestShape shape;
    private final EventSource source;
    private final EventWriter events;
    /** All up to the query's parameters, or to the digits of the length. */
    private final byte[] headStart;

    private final byte[] headRest;
    /** Where a body begins, so that its head, whose length depends on it, ends there. */
    private final int bodyOffset;

    private final byte[] scratch;

    RequestWriter(final LoadPlan plan, final EventSource source) {
        shape = plan.requests();
        this.source = source;
        events = new EventWriter(plan.events(), shape.form() != Form.PIXEL);
        final Target target = plan.target();
        final String ack = shape.ack().map(AckLevel::parameter).orElse("");
        final String resource = target.resource().isEmpty() ? shape.form().path() : target.resource();
        final String host = "\r\nHost: " + target.authority();
        switch (shape.form()) {
            case GET -> {
                headStart = ("GET " + withQuery(resource, ack) + " HTTP/1.1" + host + "\r\n\r\n").getBytes(US_ASCII);
                headRest = new byte[0];
            }
            case PIXEL -> {
                headStart = ("GET " + resource + (resource.contains("?") ? '&' : '?')).getBytes(US_ASCII);
                headRest = ((ack.isEmpty() ? "" : '&' + ack) + " HTTP/1.1" + host + "\r\n\r\n").getBytes(US_ASCII);
            }
            default -> {
                final String type = shape.form() == Form.NDJSON ? "application/x-ndjson" : "application/json";
                headStart = ("POST " + withQuery(resource, ack) + " HTTP/1.1" + host + "\r\nContent-Type: " + type
                                + "\r\nContent-Length: ")
                        .getBytes(US_ASCII);
                headRest = HEAD_END;
            }
        }
        bodyOffset = headStart.length + Digits.MAX_LENGTH + headRest.length;
        scratch = new byte[bodyOffset + shape.batch() * (events.maxBytes() + 1) + 2];
    }

    private static String withQuery(final String resource, final String parameter) {
        if (parameter.isEmpty()) {
            return resource;
        }
        return resource + (resource.contains("?") ? '&' : '?') + parameter;
    }

    /** Most bytes that a request takes. */
    int maxBytes() {
        return scratch.length;
    }

    /** Events in each request. */
    int events() {
        return shape.batch();
    }

    /** The number of the first event that the next request will have. */
    long nextEvent() {
        return source.number() + 1;
    }

    /** Appends the next request. */
    void write(final ByteBuf out, final long nowMillis) {
        switch (shape.form()) {
            case GET -> {
                source.next(nowMillis);
                out.writeBytes(headStart);
            }
            case PIXEL -> {
                source.next(nowMillis);
                System.arraycopy(headStart, 0, scratch, 0, headStart.length);
                final int end = events.put(scratch, headStart.length, source);
                System.arraycopy(headRest, 0, scratch, end, headRest.length);
                out.writeBytes(scratch, 0, end + headRest.length);
            }
            default -> {
                final int end = body(nowMillis);
                final int begin = head(end - bodyOffset);
                out.writeBytes(scratch, begin, end - begin);
            }
        }
    }

    private int body(final long nowMillis) {
        int at = bodyOffset;
        final boolean array = shape.form() == Form.ARRAY;
        if (array) {
            scratch[at++] = '[';
        }
        for (int i = 0; i < shape.batch(); i++) {
            if (i > 0) {
                scratch[at++] = (byte) (array ? ',' : '\n');
            }
            source.next(nowMillis);
            at = events.put(scratch, at, source);
        }
        if (array) {
            scratch[at++] = ']';
        }
        return at;
    }

    /** Writes the head right before the body; returns where it begins. */
    private int head(final int length) {
        final int begin = bodyOffset - headRest.length - Digits.length(length) - headStart.length;
        System.arraycopy(headStart, 0, scratch, begin, headStart.length);
        final int end = Digits.put(scratch, begin + headStart.length, length);
        System.arraycopy(headRest, 0, scratch, end, headRest.length);
        return begin;
    }
}
