package io.millrace.server.ingest;

/**
 * Validates and skips a value of any type.
 *
 * <p>Needs no recursion and no stack: what is open fits into one {@code long}, a bit for each container.
 */
final class JsonSkipper {
    private JsonSkipper() {}

    /**
     * Skips the value that begins at the next token.
     *
     * @param depth how many containers are open around it
     * @return false if it is malformed, nested too deep, or has a string that is not UTF-8
     */
    static boolean skip(final JsonScanner scanner, final int depth) {
        // Lowest bit: the innermost open container; set for an object, clear for an array.
        long objects = 0L;
        int open = 0;
        while (true) {
            final int token = scanner.peekToken();
            if (token == '{' || token == '[') {
                if (depth + ++open > EventDecoder.MAX_DEPTH) {
                    return false;
                }
                final boolean object = token == '{';
                objects = (objects << 1) | (object ? 1 : 0);
                scanner.advance();
                if (scanner.peekToken() != (object ? '}' : ']')) {
                    if (object && !skipName(scanner)) {
                        return false;
                    }
                    continue;
                }
                // Empty: its end is read below, like any other.
            } else if (!skipScalar(scanner, token)) {
                return false;
            }
            while (true) {
                if (open == 0) {
                    return true;
                }
                final boolean object = (objects & 1) != 0;
                final int next = scanner.peekToken();
                scanner.advance();
                if (next == ',') {
                    if (object && !skipName(scanner)) {
                        return false;
                    }
                    break;
                }
                if (next != (object ? '}' : ']')) {
                    return false;
                }
                open--;
                objects >>>= 1;
            }
        }
    }

    private static boolean skipScalar(final JsonScanner scanner, final int token) {
        return switch (token) {
            case '"' -> skipString(scanner);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> scanner.scanNumber() != JsonScanner.MALFORMED;
            case 't', 'f', 'n' -> scanner.scanLiteral();
            default -> false;
        };
    }

    private static boolean skipName(final JsonScanner scanner) {
        if (scanner.peekToken() != '"' || !skipString(scanner) || scanner.peekToken() != ':') {
            return false;
        }
        scanner.advance();
        return true;
    }

    private static boolean skipString(final JsonScanner scanner) {
        final int flags = scanner.scanString();
        return flags != JsonScanner.MALFORMED && (flags & JsonScanner.BAD_UTF8) == 0;
    }
}
