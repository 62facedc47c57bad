package io.millrace.server.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.millrace.server.decode.DecoderHarness.Decoded;
import io.millrace.server.decode.DecoderHarness.Event;
import io.millrace.server.decode.DecoderHarness.Rejection;
import java.io.CharArrayReader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The contract a second time, with nothing in common but its words: Jackson for the syntax, the JDK for UTF-8 and dates,
 * {@link BigInteger} for numbers.
 *
 * <p>Jackson reads characters, one for each byte: a byte of a non-ASCII character becomes U+E080 to U+E0FF. So it leaves
 * judging UTF-8 to this class, which needs to know whether the ill-formed text stands in a known field or elsewhere.
 */
final class JsonOracle {
    private static final char RAW = '\uE000';

    private final JsonFactory factory = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
            .build();

    private enum Type {
        STRING,
        INTEGER,
        NULL,
        OTHER
    }

    private record Value(Type type, String text) {
        static final Value OTHER = new Value(Type.OTHER, "");
    }

    /** A document that the contract calls no JSON. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Collects what the decoder should report. */
    private static final class Expected {
        private final List<Event> events = new ArrayList<>();
        private final List<Rejection> rejections = new ArrayList<>();
        private int rejected;
        private int clamped;

        int index() {
            return events.size() + rejected;
        }

        void reject(final RejectionCode code) {
            if (rejections.size() < DecodeResult.MAX_ERRORS) {
                rejections.add(new Rejection(index(), code));
            }
            rejected++;
        }

        Decoded decoded(final boolean batch) {
            return new Decoded(batch, false, events, rejected, rejections, clamped);
        }

        Decoded malformed(final boolean batch) {
            return new Decoded(
                    batch, true, List.of(), 1, List.of(new Rejection(index(), RejectionCode.INVALID_JSON)), 0);
        }
    }

    /** An escape that looks like one of the characters that stand for raw bytes: nothing can be said then. */
    static boolean canJudge(final byte[] document) {
        for (int i = 0; i + 4 < document.length; i++) {
            if (document[i] == '\\'
                    && document[i + 1] == 'u'
                    && (document[i + 2] | 0x20) == 'e'
                    && document[i + 3] == '0') {
                return false;
            }
        }
        return true;
    }

    Decoded decode(final Form form, final byte[] document) throws IOException {
        final Expected expected = new Expected();
        if (form == Form.LINES) {
            int start = 0;
            for (int i = 0; i <= document.length; i++) {
                if (i == document.length || document[i] == '\n') {
                    line(document, start, i, expected);
                    start = i + 1;
                }
            }
            return expected.decoded(true);
        }
        final boolean[] batch = {false};
        try (JsonParser parser = parser(document, 0, document.length)) {
            document(form, document, parser, expected, batch);
            return expected.decoded(batch[0]);
        } catch (final Malformed | JsonParseException e) {
            return expected.malformed(batch[0]);
        }
    }

    private void line(final byte[] document, final int start, final int end, final Expected expected)
            throws IOException {
        final Expected line = new Expected();
        try (JsonParser parser = parser(document, start, end)) {
            if (parser.nextToken() == null) {
                return;
            }
            event(parser, 0, line);
            if (parser.nextToken() != null) {
                throw new Malformed();
            }
        } catch (final Malformed | JsonParseException e) {
            expected.reject(RejectionCode.INVALID_JSON);
            return;
        }
        expected.events.addAll(line.events);
        expected.clamped += line.clamped;
        line.rejections.forEach(rejection -> expected.reject(rejection.code()));
    }

    private static void document(
            final Form form,
            final byte[] document,
            final JsonParser parser,
            final Expected expected,
            final boolean[] batch)
            throws IOException, Malformed {
        JsonToken token;
        try {
            token = parser.nextToken();
        } catch (final JsonParseException e) {
            throw new Malformed();
        }
        if (token == null) {
            batch[0] = true;
            return;
        }
        if (token == JsonToken.START_ARRAY) {
            batch[0] = true;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                event(parser, 1, expected);
            }
            if (parser.nextToken() != null) {
                throw new Malformed();
            }
            return;
        }
        while (token != null) {
            event(parser, 0, expected);
            token = parser.nextToken();
            if (token != null) {
                // No value ends with white space: if it stands before the next token, it separates the two.
                final int before = (int) parser.currentTokenLocation().getCharOffset() - 1;
                if (form == Form.JSON || " \t\r\n".indexOf(document[before]) < 0) {
                    throw new Malformed();
                }
                batch[0] = true;
            }
        }
    }

    private JsonParser parser(final byte[] document, final int start, final int end) throws IOException {
        final char[] characters = new char[end - start];
        for (int i = 0; i < characters.length; i++) {
            final byte value = document[start + i];
            characters[i] = value >= 0 ? (char) value : (char) (RAW + (value & 0xFF));
        }
        return factory.createParser(new CharArrayReader(characters));
    }

    private static void event(final JsonParser parser, final int depth, final Expected expected)
            throws IOException, Malformed {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            skip(parser, depth);
            expected.reject(RejectionCode.INVALID_EVENT);
            return;
        }
        final Map<String, Value> members = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            final String name = wellFormed(parser.currentName());
            if (name == null) {
                throw new Malformed();
            }
            parser.nextToken();
            switch (name) {
                case "user_id", "action", "element", "timestamp", "event_id" ->
                    members.put(name, value(parser, depth + 1));
                default -> skip(parser, depth + 1);
            }
        }
        judge(members, expected);
    }

    private static Value value(final JsonParser parser, final int depth) throws IOException, Malformed {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> {
                final String text = wellFormed(parser.getText());
                yield text == null ? Value.OTHER : new Value(Type.STRING, text);
            }
            case VALUE_NUMBER_INT -> new Value(Type.INTEGER, parser.getText());
            case VALUE_NULL -> new Value(Type.NULL, "");
            default -> {
                skip(parser, depth);
                yield Value.OTHER;
            }
        };
    }

    private static void skip(final JsonParser parser, final int depth) throws IOException, Malformed {
        final JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING && wellFormed(parser.getText()) == null) {
            throw new Malformed();
        }
        if (!token.isStructStart()) {
            return;
        }
        if (depth + 1 > 64) {
            throw new Malformed();
        }
        while (!parser.nextToken().isStructEnd()) {
            if (parser.currentToken() == JsonToken.FIELD_NAME) {
                if (wellFormed(parser.currentName()) == null) {
                    throw new Malformed();
                }
                parser.nextToken();
            }
            skip(parser, depth + 1);
        }
    }

    /** The text with its raw bytes decoded, or null if they are not UTF-8. Escapes are not judged. */
    private static String wellFormed(final String text) {
        final StringBuilder decoded = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            if (!isRaw(text.charAt(at))) {
                decoded.append(text.charAt(at++));
                continue;
            }
            final ByteBuffer bytes = ByteBuffer.allocate(text.length() - at);
            while (at < text.length() && isRaw(text.charAt(at))) {
                bytes.put((byte) text.charAt(at++));
            }
            try {
                decoded.append(UTF_8.newDecoder().decode(bytes.flip()));
            } catch (final CharacterCodingException e) {
                return null;
            }
        }
        return decoded.toString();
    }

    private static boolean isRaw(final char character) {
        return character >= RAW + 0x80 && character <= RAW + 0xFF;
    }

    private static void judge(final Map<String, Value> members, final Expected expected) {
        for (final String name : List.of("user_id", "action", "element", "timestamp", "event_id")) {
            final String fault = fault(name, members.get(name));
            if (fault != null) {
                expected.reject(RejectionCode.valueOf(fault));
                return;
            }
        }
        long timestampMillis = DecoderHarness.RECEIVED_MILLIS;
        if (isPresent(members.get("timestamp"))) {
            final BigInteger given = millis(members.get("timestamp"));
            final BigInteger latest =
                    BigInteger.valueOf(DecoderHarness.RECEIVED_MILLIS + DecoderHarness.MAX_AHEAD_MILLIS);
            if (given.compareTo(latest) > 0) {
                expected.clamped++;
            } else {
                timestampMillis = given.longValueExact();
            }
        }
        final Value eventId = members.get("event_id");
        expected.events.add(new Event(
                members.get("user_id").text(),
                members.get("action").text(),
                members.get("element").text(),
                timestampMillis,
                isPresent(eventId) ? eventId.text() : ""));
    }

    private static boolean isPresent(final Value value) {
        return value != null && value.type() != Type.NULL;
    }

    private static String fault(final String name, final Value value) {
        final String suffix = name.toUpperCase(java.util.Locale.ROOT);
        final boolean required = !name.equals("timestamp") && !name.equals("event_id");
        if (!isPresent(value)) {
            return !required ? null : (value == null ? "MISSING_" : "INVALID_") + suffix;
        }
        if (name.equals("timestamp")) {
            final BigInteger given = millis(value);
            final BigInteger oldest =
                    BigInteger.valueOf(DecoderHarness.RECEIVED_MILLIS - DecoderHarness.MAX_AGE_MILLIS);
            return given == null ? "INVALID_TIMESTAMP" : given.compareTo(oldest) < 0 ? "TIMESTAMP_TOO_OLD" : null;
        }
        final boolean integer = value.type() == Type.INTEGER && name.equals("user_id");
        if (!integer && value.type() != Type.STRING) {
            return "INVALID_" + suffix;
        }
        final String text = value.text();
        if (text.isEmpty() || text.indexOf('\0') >= 0 || !UTF_8.newEncoder().canEncode(text)) {
            return "INVALID_" + suffix;
        }
        final int most = name.equals("element") ? 256 : name.equals("event_id") ? 64 : 128;
        return text.getBytes(UTF_8).length > most ? "TOO_LONG_" + suffix : null;
    }

    /** Null for what is no timestamp. */
    private static BigInteger millis(final Value value) {
        if (value.type() == Type.INTEGER) {
            return new BigInteger(value.text());
        }
        final long millis = value.type() == Type.STRING && value.text().length() <= 64
                ? Iso8601Test.oracle(value.text())
                : Iso8601.INVALID;
        return millis == Iso8601.INVALID ? null : BigInteger.valueOf(millis);
    }
}
