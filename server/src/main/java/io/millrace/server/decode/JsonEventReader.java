package io.millrace.server.decode;

/**
 * Finds the fields of an event in a JSON object: any order, any white space, names that may be escaped. A field that
 * comes twice has its last value; what is unknown is validated and skipped.
 *
 * <p>An event is expected to look like the ones before, which {@link EventFrame} compares. One that does not is read member by
 * member, from its start, and of these each so many-th becomes the frame of the next.
 *
 * <p>Not thread-safe.
 */
final class JsonEventReader {
    /** To learn a frame costs about as much as to read an event. */
    static final int LEARN_EVERY = 16;

    private static final int MALFORMED = JsonScanner.MALFORMED;

    private final Window source;
    private final EventDraft draft;
    private final JsonScanner scanner;
    private final JsonString string;
    private final JsonSkipper skipper;

    /** Null until one was learned. */
    private EventFrame frame;

    /** What is being learned; the frame stays in force until it is complete. */
    private EventFrame learner = new EventFrame();

    private EventFrame spare = new EventFrame();
    private boolean learning;
    private int misses = LEARN_EVERY - 1;

    JsonEventReader(
            final Window source,
            final EventDraft draft,
            final JsonScanner scanner,
            final JsonString string,
            final JsonSkipper skipper) {
        this.source = source;
        this.draft = draft;
        this.scanner = scanner;
        this.string = string;
        this.skipper = skipper;
    }

    /**
     * Reads an object.
     *
     * @param brace where its opening brace is
     * @param depth how many containers are open around it
     * @return the index behind it, or {@link JsonScanner#MALFORMED}
     */
    int read(final int brace, final int depth) {
        final int end = readFramed(brace);
        return end == MALFORMED ? readMembers(brace, depth) : end;
    }

    /**
     * Reads an object if it is within a line and looks as expected. What stands behind the line feed, if there is one, is not
     * looked at.
     *
     * @return the index behind it, or {@link JsonScanner#MALFORMED} for any other
     */
    int readWithinLine(final int brace) {
        return frame == null || frame.hasLineFeed() ? MALFORMED : readFramed(brace);
    }

    private int readFramed(final int brace) {
        final EventFrame frame = this.frame;
        if (frame == null) {
            return MALFORMED;
        }
        draft.clear();
        int end = frame.read(source, draft, brace);
        while (end == EventFrame.STOPPED) {
            final EventPiece piece = frame.stoppedPiece();
            final int value = frame.stoppedAt();
            final int behind = piece.isString() ? readText(piece.field(), value) : readNumber(piece.field(), value);
            end = behind == MALFORMED ? EventFrame.MISS : frame.readOn(source, draft, behind);
        }
        return end;
    }

    private int readMembers(final int brace, final int depth) {
        draft.clear();
        learning = ++misses == LEARN_EVERY;
        if (learning) {
            misses = 0;
            learner.learn(brace);
        }
        int at = scanner.skipSpace(brace + 1);
        int token = source.byteAt(at);
        if (token == '}') {
            return at + 1;
        }
        while (token == '"') {
            at = readMember(at, depth + 1);
            if (at == MALFORMED) {
                return MALFORMED;
            }
            at = scanner.skipSpace(at);
            token = source.byteAt(at++);
            if (token == '}') {
                if (learning && learner.learnEnd(source, at)) {
                    useLearned();
                }
                return at;
            }
            if (token != ',') {
                return MALFORMED;
            }
            at = scanner.skipSpace(at);
            token = source.byteAt(at);
        }
        return MALFORMED;
    }

    private void useLearned() {
        final EventFrame before = frame;
        frame = learner;
        learner = before == null ? spare : before;
    }

    private int readMember(final int quote, final int depth) {
        final int slot = FieldNames.match(source, quote);
        if (slot != FieldNames.NONE) {
            return readValue(FieldNames.field(slot), scanner.skipSpace(quote + FieldNames.length(slot)), depth);
        }
        final int end = string.read(quote + 1, EventDraft.ASIDE, EventDraft.ASIDE + EventField.MAX_NAME_BYTES);
        if (end == MALFORMED || !string.isUtf8()) {
            return MALFORMED;
        }
        final EventField field =
                string.isText() ? EventField.named(draft.window(), EventDraft.ASIDE, string.length()) : null;
        final int colon = scanner.skipSpace(end + 1);
        if (source.byteAt(colon) != ':') {
            return MALFORMED;
        }
        final int value = scanner.skipSpace(colon + 1);
        return field == null ? skipper.skip(value, depth) : readValue(field, value, depth);
    }

    private int readValue(final EventField field, final int at, final int depth) {
        return switch (source.byteAt(at)) {
            case '"' -> {
                final int quote = readText(field, at + 1);
                if (quote == MALFORMED) {
                    yield MALFORMED;
                }
                if (learning) {
                    learner.learnValue(source, field, at + 1, quote, true);
                }
                yield quote + 1;
            }
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                final int end = readNumber(field, at);
                if (learning && end != MALFORMED) {
                    learner.learnValue(source, field, at, end, false);
                }
                yield end;
            }
            case 'n' -> {
                learner.learnNothing();
                draft.set(field, EventDraft.NULL);
                yield scanner.skipLiteral(at);
            }
            default -> {
                learner.learnNothing();
                draft.set(field, EventDraft.INVALID);
                yield skipper.skip(at, depth);
            }
        };
    }

    /** Reads the inside of a string. Returns the index of its closing quote. */
    private int readText(final EventField field, final int at) {
        final int place = EventDraft.place(field);
        final int quote = string.read(at, place, EventDraft.last(field));
        if (quote == MALFORMED) {
            return MALFORMED;
        }
        final int length = string.length();
        if (length == 0 || !string.isText()) {
            draft.set(field, EventDraft.INVALID);
        } else if (field == EventField.TIMESTAMP) {
            draft.setTimestamp(Timestamps.parse(draft.window(), place, length));
        } else {
            draft.set(field, length);
        }
        return quote;
    }

    private int readNumber(final EventField field, final int at) {
        final int end = scanner.skipInteger(at);
        if (end == MALFORMED) {
            return MALFORMED;
        }
        final int behind = scanner.skipFraction(end);
        if (behind == end && field == EventField.TIMESTAMP) {
            draft.setTimestamp(Timestamps.ofInteger(source, at, end));
        } else if (behind == end && field == EventField.USER_ID) {
            copyDigits(field, at, end);
        } else {
            draft.set(field, EventDraft.INVALID);
        }
        return behind;
    }

    private void copyDigits(final EventField field, final int at, final int end) {
        final int place = EventDraft.place(field);
        final int last = EventDraft.last(field);
        for (int from = at, to = place; from < end && to <= last; from += Long.BYTES, to += Long.BYTES) {
            draft.putWord(to, source.word(from));
        }
        draft.set(field, end - at);
    }
}
