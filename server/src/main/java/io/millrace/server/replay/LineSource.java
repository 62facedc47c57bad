package io.millrace.server.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Lines of bytes with their numbers, the first being 1. Not thread-safe. */
final class LineSource implements AutoCloseable {
    /** What a server takes by default as a body, and so as a line. Of longer ones no more is kept. */
    static final int MAX_LINE_BYTES = 1 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private long number;
    private boolean tooLong;

    LineSource(final InputStream in) {
        this.in = in;
    }

    /** The next line without its line feed, null behind the last. A last line may lack it. */
    byte[] next() throws IOException {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        tooLong = false;
        while (fill()) {
            final int end = lineFeed();
            keep(line, end);
            position = end;
            if (end < limit) {
                position++;
                number++;
                return line.toByteArray();
            }
        }
        if (line.size() == 0) {
            return null;
        }
        number++;
        return line.toByteArray();
    }

    /** The number of the line that {@link #next} returned. */
    long number() {
        return number;
    }

    /** Whether that line was cut. */
    boolean isTooLong() {
        return tooLong;
    }

    /** Whether the next line would have to be waited for, as far as that is known. */
    boolean mustWait() throws IOException {
        return position == limit && in.available() == 0;
    }

    private boolean fill() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer));
        }
        return position < limit;
    }

    private int lineFeed() {
        int i = position;
        while (i < limit && buffer[i] != '\n') {
            i++;
        }
        return i;
    }

    private void keep(final ByteArrayOutputStream line, final int end) {
        final int length = Math.min(end - position, MAX_LINE_BYTES - line.size());
        tooLong |= length < end - position;
        line.writeBytes(Arrays.copyOfRange(buffer, position, position + length));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
