package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Takes every request and remembers it. */
final class RecordingEndpoint implements Endpoint {
    private final CannedReply reply;
    private final List<ReadRequest> requests = new ArrayList<>();
    private boolean persistent = true;

    RecordingEndpoint(final Replies replies) {
        reply = replies.bodiless(204, "");
    }

    @Override
    public Refusal admit(final RequestHead head, final UnsafeBuffer buffer, final int start) {
        return null;
    }

    @Override
    public void handle(
            final RequestHead head,
            final UnsafeBuffer buffer,
            final int start,
            final int bodyOffset,
            final int bodyLength,
            final ReplyBuffer replies) {
        final String[] words = text(buffer, start, head.length).stripLeading().split("[ \r]", 4);
        final ReadRequest request = new ReadRequest(words[0], words[1], text(buffer, bodyOffset, bodyLength));
        final String path = text(buffer, start + head.pathOffset(), head.pathLength());
        final String query =
                head.queryLength() < 0 ? "" : "?" + text(buffer, start + head.queryOffset(), head.queryLength());
        assertThat(request.target()).endsWith(path + query);
        assertThat(
                        head.method() == Method.OTHER
                                ? request.method()
                                : head.method().name())
                .isEqualTo(request.method());
        requests.add(request);
        persistent = head.persistent();
        replies.send(reply);
    }

    private static String text(final UnsafeBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, ISO_8859_1);
    }

    List<ReadRequest> requests() {
        return requests;
    }

    /** Whether the last request let the connection stay. */
    boolean persistent() {
        return persistent;
    }

    void clear() {
        requests.clear();
        persistent = true;
    }

    @Override
    public void received(final long epochMillis) {
        // Nothing here depends on the time.
    }

    @Override
    public void readComplete() {
        // Nothing waits for it.
    }

    @Override
    public int retryAfterSeconds() {
        return 1;
    }
}
