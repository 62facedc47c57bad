package io.millrace.server.replay;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Lines that go by one request. Not thread-safe. */
final class Batch {
    /** A request is sent when it has so many bytes; only a single line may be longer. */
    private static final int FULL_BYTES = 256 << 10;

    private final int maxLines;
    private final List<Line> lines = new ArrayList<>();
    private int bytes;

    Batch(final int maxLines) {
        this.maxLines = maxLines;
    }

    /**
     * Adds a line.
     *
     * @param number its number in the file
     * @param identified whether it has an event_id
     */
    void add(final long number, final byte[] text, final boolean identified) {
        add(new Line(number, text, identified));
    }

    private void add(final Line line) {
        lines.add(line);
        bytes += line.text.length + 1;
    }

    /** Whether this line should rather go by the next request. */
    boolean isFullFor(final byte[] line) {
        return !lines.isEmpty() && (lines.size() == maxLines || bytes + line.length > FULL_BYTES);
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    int size() {
        return lines.size();
    }

    /** The number that a line of the request has in the file. */
    long number(final int index) {
        return lines.get(index).number;
    }

    long firstNumber() {
        return lines.get(0).number;
    }

    long lastNumber() {
        return lines.get(lines.size() - 1).number;
    }

    /** Whether sending all of it again counts nothing twice. */
    boolean isIdentified() {
        return lines.stream().allMatch(line -> line.identified);
    }

    /** Both halves, of two lines or more. */
    List<Batch> halves() {
        final int middle = lines.size() / 2;
        return List.of(of(lines.subList(0, middle)), of(lines.subList(middle, lines.size())));
    }

    private Batch of(final List<Line> some) {
        final Batch batch = new Batch(maxLines);
        some.forEach(batch::add);
        return batch;
    }

    byte[] body() {
        final ByteArrayOutputStream body = new ByteArrayOutputStream(bytes);
        for (final Line line : lines) {
            body.writeBytes(line.text);
            body.write('\n');
        }
        return body.toByteArray();
    }

    void clear() {
        lines.clear();
        bytes = 0;
    }

    /** A line, which is nobody's to change. */
    private static final class Line {
        private final long number;
        private final byte[] text;
        private final boolean identified;

        Line(final long number, final byte[] text, final boolean identified) {
            this.number = number;
            this.text = text;
            this.identified = identified;
        }
    }
}
