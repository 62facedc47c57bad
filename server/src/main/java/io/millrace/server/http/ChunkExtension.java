package io.millrace.server.http;

/**
 * The extensions in the size line of a chunk, byte by byte: each {@code BWS ";" BWS name [ BWS "=" BWS value ]}, its value a
 * token or a quoted string. They are checked and mean nothing here.
 *
 * <p>Not thread-safe: one per connection. Allocates nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1.1">RFC 9112, 7.1.1: Chunk Extensions</a>
 */
final class ChunkExtension {
    /** What a byte came to. */
    enum Step {
        /** It belongs to the extensions. */
        MORE,
        /** It is the CR behind them. */
        CR,
        /** It cannot stand there. */
        REFUSED
    }

    private enum State {
        /** Space was there, so a semicolon must come. */
        SPACE,
        SEMICOLON,
        NAME,
        /** Space behind a name: a value may still come. */
        NAME_END,
        EQUALS,
        TOKEN,
        QUOTED,
        ESCAPED,
        QUOTED_END,
        REFUSED
    }

    private State state = State.SPACE;

    /** Begins behind the size, whose next byte is not its CR. */
    void begin() {
        state = State.SPACE;
    }

    /** Takes the next byte. */
    Step take(final byte b) {
        if (b == '\r' && (state == State.NAME || state == State.TOKEN || state == State.QUOTED_END)) {
            return Step.CR;
        }
        state = next(b);
        return state == State.REFUSED ? Step.REFUSED : Step.MORE;
    }

    private State next(final byte b) {
        return switch (state) {
            case SPACE -> b == ';' ? State.SEMICOLON : space(b, State.SPACE);
            case SEMICOLON -> HttpBytes.isToken(b) ? State.NAME : space(b, State.SEMICOLON);
            case NAME -> HttpBytes.isToken(b) ? State.NAME : behindName(b);
            case NAME_END -> behindName(b);
            case EQUALS -> {
                if (b == '"') {
                    yield State.QUOTED;
                }
                yield HttpBytes.isToken(b) ? State.TOKEN : space(b, State.EQUALS);
            }
            case TOKEN -> HttpBytes.isToken(b) ? State.TOKEN : behindValue(b);
            // RFC 9110, 5.6.4
            case QUOTED -> {
                if (b == '\\') {
                    yield State.ESCAPED;
                }
                yield b == '"' ? State.QUOTED_END : text(b, State.QUOTED);
            }
            case ESCAPED -> text(b, State.QUOTED);
            case QUOTED_END -> behindValue(b);
            default -> State.REFUSED;
        };
    }

    private static State behindName(final byte b) {
        return b == '=' ? State.EQUALS : b == ';' ? State.SEMICOLON : space(b, State.NAME_END);
    }

    private static State behindValue(final byte b) {
        return b == ';' ? State.SEMICOLON : space(b, State.SPACE);
    }

    private static State space(final byte b, final State then) {
        return b == ' ' || b == '\t' ? then : State.REFUSED;
    }

    private static State text(final byte b, final State then) {
        return HttpBytes.isText(b) ? then : State.REFUSED;
    }
}
