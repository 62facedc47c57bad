package io.millrace.server.ingest;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds the fields of an event in a JSON object: any order, any white space, names that may be escaped. A field that
 * comes twice has its last value; what is unknown is validated and skipped.
 */
final class JsonEventReader {
    /** No name that is longer with all its characters escaped is one of ours. */
    private static final int MAX_ESCAPED_NAME_BYTES = EventField.MAX_NAME_BYTES * JsonString.UNICODE_ESCAPE_LENGTH;

    private final JsonScanner scanner;
    private final EventFields fields;
    private final UnsafeBuffer name = new UnsafeBuffer(new byte[MAX_ESCAPED_NAME_BYTES]);

    JsonEventReader(final JsonScanner scanner, final EventFields fields) {
        this.scanner = scanner;
        this.fields = fields;
    }

    /**
     * Reads the object whose opening brace is the next token.
     *
     * @param depth how many containers are open around it
     * @return false if it is malformed
     */
    boolean read(final int depth) {
        final JsonScanner scanner = this.scanner;
        fields.clear();
        scanner.advance();
        int token = scanner.peekToken();
        if (token == '}') {
            scanner.advance();
            return true;
        }
        while (token == '"') {
            if (readPlainMembers()) {
                return true;
            }
            if (scanner.peekToken() != '"' || !readMember(depth + 1)) {
                return false;
            }
            token = scanner.peekToken();
            scanner.advance();
            if (token == '}') {
                return true;
            }
            if (token != ',') {
                return false;
            }
            token = scanner.peekToken();
        }
        return false;
    }

    /**
     * Reads members as long as they are in the form that trackers and the JSON libraries of most languages send: a field of
     * ours by its plain name, a string without escapes or a positive integer, at most one space behind a colon or comma. The
     * member that is not is left to {@link #readMember}, from its start, which gives the same result for all of them.
     *
     * <p>Keeps the place in a register: handed from call to call in memory it would cost more than the comparing
     * ({@code JsonBenchmark}, form CANONICAL).
     *
     * @return true if the end of the object was read
     */
    private boolean readPlainMembers() {
        final UnsafeBuffer source = scanner.source();
        final int limit = scanner.limit();
        int member = scanner.position();
        boolean closed = false;
        while (!closed) {
            final int slot = FieldNames.match(source, member, limit);
            if (slot == FieldNames.NONE) {
                break;
            }
            final int value = skipSpace(source, member + FieldNames.length(slot), limit);
            final int first = byteAt(source, value, limit);
            int end;
            if (first == '"') {
                end = JsonScanner.nextSpecial(source, value + 1, limit);
                if (byteAt(source, end, limit) != '"') {
                    break;
                }
                fields.set(FieldNames.field(slot), EventFields.PLAIN, value + 1, end);
                end++;
            } else if (first >= '1' && first <= '9') {
                end = Ascii.skipDigits(source, value, limit);
                fields.set(FieldNames.field(slot), EventFields.INTEGER, value, end);
            } else {
                break;
            }
            final int separator = byteAt(source, end, limit);
            closed = separator == '}';
            if (!closed && separator != ',') {
                break;
            }
            member = closed ? end + 1 : skipSpace(source, end + 1, limit);
        }
        scanner.position(member);
        return closed;
    }

    /** The byte at {@code index}, or 0 at the limit, which no syntax has. */
    private static int byteAt(final UnsafeBuffer source, final int index, final int limit) {
        return index < limit ? source.getByte(index) : 0;
    }

    private static int skipSpace(final UnsafeBuffer source, final int index, final int limit) {
        return byteAt(source, index, limit) == ' ' ? index + 1 : index;
    }

    private boolean readMember(final int depth) {
        final JsonScanner scanner = this.scanner;
        final int slot = FieldNames.match(scanner.source(), scanner.position(), scanner.limit());
        if (slot != FieldNames.NONE) {
            scanner.position(scanner.position() + FieldNames.length(slot));
            return readValue(FieldNames.field(slot), depth);
        }
        final int flags = scanner.scanString();
        if (flags == JsonScanner.MALFORMED || (flags & JsonScanner.BAD_UTF8) != 0) {
            return false;
        }
        final EventField field = flags == 0
                ? EventField.named(scanner.source(), scanner.stringStart(), nameLength(), scanner.limit())
                : escapedName();
        if (scanner.peekToken() != ':') {
            return false;
        }
        scanner.advance();
        return field == null ? JsonSkipper.skip(scanner, depth) : readValue(field, depth);
    }

    private boolean readValue(final EventField field, final int depth) {
        final JsonScanner scanner = this.scanner;
        final int token = scanner.peekToken();
        if (token == '"') {
            return readString(field);
        }
        final int start = scanner.position();
        return switch (token) {
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                final int number = scanner.scanNumber();
                fields.set(
                        field,
                        number == JsonScanner.INTEGER ? EventFields.INTEGER : EventFields.INVALID,
                        start,
                        scanner.position());
                yield number != JsonScanner.MALFORMED;
            }
            case 'n' -> {
                fields.set(field, EventFields.NULL, start, start);
                yield scanner.scanLiteral();
            }
            default -> {
                fields.set(field, EventFields.INVALID, start, start);
                yield JsonSkipper.skip(scanner, depth);
            }
        };
    }

    private boolean readString(final EventField field) {
        final int flags = scanner.scanString();
        if (flags == JsonScanner.MALFORMED) {
            return false;
        }
        final int kind = flags == 0
                ? EventFields.PLAIN
                : (flags & JsonScanner.BAD_UTF8) == 0 ? EventFields.ESCAPED : EventFields.INVALID;
        fields.set(field, kind, scanner.stringStart(), scanner.stringEnd());
        return true;
    }

    private EventField escapedName() {
        if (nameLength() > MAX_ESCAPED_NAME_BYTES) {
            return null;
        }
        final UnsafeBuffer source = scanner.source();
        final int start = scanner.stringStart();
        final int end = scanner.stringEnd();
        final int length = JsonString.unescapedLength(source, start, end);
        if (length == JsonString.INVALID) {
            return null;
        }
        JsonString.unescape(source, start, end, name, 0);
        return EventField.named(name, 0, length, length);
    }

    private int nameLength() {
        return scanner.stringEnd() - scanner.stringStart();
    }
}
