package io.millrace.server.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Random documents: mostly sound events, written in all the ways that JSON allows, now and then a fault; and mutations. */
final class JsonDocuments {
    private static final String[] NAMES = {"user_id", "action", "element", "timestamp", "event_id"};
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "1",
        "-7",
        "42",
        "1767225600000",
        "1767225660000",
        "1767225660001",
        "1764633600000",
        "1764633599999",
        "1e5",
        "-1.25E-7",
        "0.0",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "1" + "0".repeat(127),
        "1" + "0".repeat(128),
        "123456789".repeat(60),
        "1e999999999",
        "00",
        "1.",
        "-"
    };
    private static final String[] DATES = {
        "2026-01-01T00:00:00Z",
        "2025-12-31T23:59:59.999999999Z",
        "2026-01-01T01:00:00+01:00",
        "2025-12-31T19:00-0500",
        "2026-01-01T00:01:00.001Z",
        "2024-02-30T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "2026-01-01t00:00:00,5z",
        "2026-01-01T00:00:00." + "1".repeat(43) + "Z",
        "2026-01-01T00:00:00." + "1".repeat(44) + "Z"
    };
    private static final String[] BAD_UTF8 = {"80", "c0af", "c3", "e282", "eda080", "f09f98", "f4908080", "ff"};
    private static final String[] LITERALS = {"true", "false", "null"};
    /** What a mutation puts anywhere: pieces that are hard for one part of a decoder or another. */
    private static final byte[][] FRAGMENTS = {
        "\\ud83d".getBytes(UTF_8),
        "\\udE00".getBytes(UTF_8),
        "\\ud83d\\ude00".getBytes(UTF_8),
        "\\u00".getBytes(UTF_8),
        "[".repeat(70).getBytes(UTF_8),
        "{\"a\":".repeat(70).getBytes(UTF_8),
        ("[".repeat(30) + "]".repeat(30)).getBytes(UTF_8),
        "9".repeat(2_000).getBytes(UTF_8),
        ("-0." + "0".repeat(700) + "1e-99999999999").getBytes(UTF_8),
        "\u20ac".getBytes(UTF_8),
        {(byte) 0xE2, (byte) 0x82},
        {(byte) 0xF0, (byte) 0x9F, (byte) 0x98},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xC3},
        "12345678".getBytes(UTF_8),
        "01234567890123456789".getBytes(UTF_8)
    };

    private static final byte[] INTERESTING = "{}[]\",:\\/ubnrt0123456789-+.eE \t\n\r\0\u0001\u007f".getBytes(UTF_8);

    private final SplittableRandom random;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    JsonDocuments(final SplittableRandom random) {
        this.random = random;
    }

    byte[] document(final Form form) {
        out.reset();
        space();
        final int events = chance(3) ? 1 : random.nextInt(14);
        final boolean array = form == Form.LINES ? chance(30) : chance(2);
        text(array ? "[" : "");
        for (int i = 0; i < events; i++) {
            if (i > 0) {
                text(array ? "," : form == Form.LINES ? "\n" : chance(50) ? "" : " ");
            }
            space();
            if (chance(15)) {
                value(0);
            } else {
                event();
            }
            space();
        }
        text(array ? "]" : "");
        space();
        return out.toByteArray();
    }

    /** Events of one program: the same fields in the same order, the same space and the same unknown members around them. */
    byte[] framed(final Form form) {
        final int[] order = {0, 1, 2, 3, 4};
        for (int i = 4; i > 0; i--) {
            final int other = random.nextInt(i + 1);
            final int field = order[i];
            order[i] = order[other];
            order[other] = field;
        }
        final int members = 3 + random.nextInt(3);
        final byte[][] pieces = new byte[members + 1][];
        for (int i = 0; i <= members; i++) {
            out.reset();
            text(i == 0 ? "{" : i == members ? "" : ",");
            space();
            if (i == 0 && chance(4)) {
                text("\"v\":1,");
            }
            if (i < members) {
                name(NAMES[order[i]]);
            } else {
                text(chance(4) ? ",\"z\":[null]}" : "}");
            }
            pieces[i] = out.toByteArray();
        }
        out.reset();
        final boolean array = form == Form.JSON;
        text(array ? "[" : "");
        final int events = 1 + random.nextInt(2 * JsonEventReader.LEARN_EVERY);
        for (int n = 0; n < events; n++) {
            text(n == 0 ? "" : array ? "," : "\n");
            for (int i = 0; i < members; i++) {
                out.writeBytes(pieces[i]);
                framedValue(order[i]);
            }
            out.writeBytes(pieces[members]);
        }
        text(array ? "]" : "");
        return out.toByteArray();
    }

    private void framedValue(final int field) {
        if (chance(12)) {
            known(field);
        } else if (field == 3) {
            text(Long.toString(DecoderHarness.RECEIVED_MILLIS - random.nextLong(2 * DecoderHarness.MAX_AGE_MILLIS)));
        } else {
            text("\"" + "x".repeat(random.nextInt(40)) + "\"");
        }
    }

    byte[] mutate(final byte[] document) {
        byte[] mutated = document;
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            if (mutated.length > 0) {
                mutated = mutateOnce(mutated);
            }
        }
        return mutated;
    }

    private byte[] mutateOnce(final byte[] document) {
        final int at = random.nextInt(document.length);
        final int length = Math.min(document.length - at, 1 + random.nextInt(12));
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(document, at);
            case 1 -> splice(document, at, at + length, new byte[0]);
            case 2 -> splice(document, at, at, Arrays.copyOfRange(document, at, at + length));
            case 3 -> splice(document, at, at, new byte[] {interesting()});
            case 4 -> splice(document, at, at + 1, new byte[] {interesting()});
            case 5 -> splice(document, at, at + 1, new byte[] {(byte) random.nextInt(256)});
            case 6 -> splice(document, at, at, FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
            default -> splice(document, at, at + 1, new byte[] {(byte) (document[at] ^ (1 << random.nextInt(8)))});
        };
    }

    private static byte[] splice(final byte[] document, final int from, final int to, final byte[] insert) {
        final byte[] spliced = Arrays.copyOf(document, from + insert.length + document.length - to);
        System.arraycopy(insert, 0, spliced, from, insert.length);
        System.arraycopy(document, to, spliced, from + insert.length, document.length - to);
        return spliced;
    }

    private byte interesting() {
        return INTERESTING[random.nextInt(INTERESTING.length)];
    }

    private void event() {
        text("{");
        space();
        final int rotation = random.nextInt(5);
        boolean first = true;
        for (int i = 0; i < 5; i++) {
            final int field = (i + rotation) % 5;
            if (chance(field < 3 ? 30 : 2)) {
                continue;
            }
            for (int times = chance(20) ? 2 : 1; times > 0; times--) {
                separator(first);
                first = false;
                name(NAMES[field]);
                known(field);
                space();
            }
            if (chance(6)) {
                text(",");
                space();
                name(chance(2) ? Texts.random(random, 12) : NAMES[field] + "x");
                value(1);
                space();
            }
        }
        text("}");
    }

    private void separator(final boolean first) {
        if (!first) {
            text(",");
            space();
        }
    }

    private void name(final String name) {
        string(name);
        space();
        text(":");
        space();
    }

    private void known(final int field) {
        if (chance(20)) {
            value(1);
        } else if (field == 3) {
            if (chance(2)) {
                text(NUMBERS[random.nextInt(chance(8) ? NUMBERS.length : 9)]);
            } else {
                string(DATES[random.nextInt(DATES.length)]);
            }
        } else if (field == 0 && chance(3)) {
            text(NUMBERS[random.nextInt(chance(8) ? NUMBERS.length : 10)]);
        } else if (chance(25)) {
            badString();
        } else if (chance(12)) {
            string("x".repeat(random.nextInt(50, 300)));
        } else {
            string(Texts.random(random, 40));
        }
    }

    private void value(final int depth) {
        switch (random.nextInt(chance(40) ? 9 : 8)) {
            case 0 -> text(NUMBERS[random.nextInt(NUMBERS.length - (chance(10) ? 0 : 3))]);
            case 1 -> text(LITERALS[random.nextInt(LITERALS.length)]);
            case 2 -> container("[", "]", depth, false);
            case 3 -> container("{", "}", depth, true);
            case 4 -> event();
            case 8 -> {
                final int levels = 55 + random.nextInt(12);
                final boolean object = chance(2);
                text((object ? "{\"a\":" : "[").repeat(levels) + "1" + (object ? "}" : "]").repeat(levels));
            }
            default -> {
                if (chance(15)) {
                    badString();
                } else {
                    string(chance(10) ? "" : Texts.random(random, 30));
                }
            }
        }
    }

    private void container(final String open, final String close, final int depth, final boolean object) {
        text(open);
        space();
        final int values = depth > 5 ? 0 : random.nextInt(4);
        for (int i = 0; i < values; i++) {
            separator(i == 0);
            if (object) {
                name(Texts.random(random, 10));
            }
            value(depth + 1);
            space();
        }
        text(close);
    }

    /** A string with something in it that the contract does not allow in a field. */
    private void badString() {
        text("\"" + "a".repeat(random.nextInt(10)));
        switch (random.nextInt(4)) {
            case 0 -> text("\\u0000");
            case 1 -> text("\\u" + Integer.toHexString(random.nextInt(0xD800, 0xE000)));
            case 2 -> text("");
            default -> out.writeBytes(java.util.HexFormat.of().parseHex(BAD_UTF8[random.nextInt(BAD_UTF8.length)]));
        }
        text(chance(2) ? "\"" : "b\"");
    }

    /** The text as a JSON string: whatever must be escaped is, of the rest a few characters. */
    private void string(final String value) {
        final int escapes = chance(2) ? Integer.MAX_VALUE : 1 + random.nextInt(6);
        text("\"");
        value.codePoints().forEach(codePoint -> character(codePoint, escapes));
        text("\"");
    }

    private void character(final int codePoint, final int escapes) {
        final int shortEscape = "\"\\/\b\f\n\r\t".indexOf(codePoint);
        if (shortEscape >= 0 && shortEscape < 8 && (codePoint != '/' || chance(2))) {
            text("\\" + "\"\\/bfnrt".charAt(shortEscape));
        } else if (codePoint < 0x20 || (escapes != Integer.MAX_VALUE && chance(escapes))) {
            for (final char unit : Character.toChars(codePoint)) {
                final String hex = String.format("%04x", (int) unit);
                text("\\u" + (chance(2) ? hex : hex.toUpperCase(java.util.Locale.ROOT)));
            }
        } else {
            text(Character.toString(codePoint));
        }
    }

    private void space() {
        while (chance(5)) {
            out.write(" \t\r\n".charAt(random.nextInt(chance(10) ? 4 : 3)));
        }
    }

    private void text(final String text) {
        out.writeBytes(text.getBytes(UTF_8));
    }

    private boolean chance(final int oneIn) {
        return random.nextInt(oneIn) == 0;
    }
}
