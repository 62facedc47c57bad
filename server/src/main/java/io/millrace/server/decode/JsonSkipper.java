package io.millrace.server.decode;

/**
 * Validates and skips a value of any type.
 *
 * <p>Needs no recursion and no stack: what is open fits into one {@code long}, a bit for each container.
 */
final class JsonSkipper {
    private static final int MALFORMED = JsonScanner.MALFORMED;

    private final Window source;
    private final JsonScanner scanner;
    private final JsonString string;

    JsonSkipper(final Window source, final JsonScanner scanner, final JsonString string) {
        this.source = source;
        this.scanner = scanner;
        this.string = string;
    }

    /**
     * Skips the value that begins at {@code from}.
     *
     * @param depth how many containers are open around it
     * @return the index behind it; {@link JsonScanner#MALFORMED} if it is that, nested too deep, or has a string that is not
     *     UTF-8
     */
    int skip(final int from, final int depth) {
        // Lowest bit: the innermost open container; set for an object, clear for an array.
        long objects = 0L;
        int open = 0;
        int at = from;
        while (at != MALFORMED) {
            final int token = source.byteAt(at);
            if (token == '{' || token == '[') {
                if (depth + ++open > EventDecoder.MAX_DEPTH) {
                    return MALFORMED;
                }
                final boolean object = token == '{';
                objects = (objects << 1) | (object ? 1 : 0);
                at = scanner.skipSpace(at + 1);
                if (source.byteAt(at) != (object ? '}' : ']')) {
                    if (object) {
                        at = skipName(at);
                    }
                    continue;
                }
                // Empty: its end is read below, like any other.
            } else {
                at = skipScalar(at, token);
            }
            boolean more = false;
            while (!more && at != MALFORMED) {
                if (open == 0) {
                    return at;
                }
                final boolean object = (objects & 1) != 0;
                at = scanner.skipSpace(at);
                final int next = source.byteAt(at++);
                if (next == ',') {
                    at = scanner.skipSpace(at);
                    if (object) {
                        at = skipName(at);
                    }
                    more = true;
                } else if (next == (object ? '}' : ']')) {
                    open--;
                    objects >>>= 1;
                } else {
                    return MALFORMED;
                }
            }
        }
        return MALFORMED;
    }

    private int skipScalar(final int at, final int token) {
        return switch (token) {
            case '"' -> skipString(at);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                final int end = scanner.skipInteger(at);
                yield end == MALFORMED ? MALFORMED : scanner.skipFraction(end);
            }
            default -> scanner.skipLiteral(at);
        };
    }

    /** Skips a name and its colon. Returns the index of the value. */
    private int skipName(final int at) {
        final int end = source.byteAt(at) == '"' ? skipString(at) : MALFORMED;
        if (end == MALFORMED) {
            return MALFORMED;
        }
        final int colon = scanner.skipSpace(end);
        return source.byteAt(colon) == ':' ? scanner.skipSpace(colon + 1) : MALFORMED;
    }

    private int skipString(final int at) {
        final int quote = string.read(at + 1, EventDraft.ASIDE, EventDraft.ASIDE);
        return quote != MALFORMED && string.isUtf8() ? quote + 1 : MALFORMED;
    }
}
