package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Requests in a row: made of parts that fit, of parts that do not, of the cases of conformance, and damaged anywhere. */
final class MutatedRequests {
    private static final String[] METHODS = {"GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "X-1", "get"};
    private static final String[] TARGETS = {
        "/", "/pixel.gif?u=1&a=b", "/events", "/a?b?c", "/%41{|}", "http://a/b?c", "https://a:1/"
    };
    private static final String[] ODD_TARGETS = {"*", "a:443", "a", "http://a@b/", "http:///", "/#a"};
    private static final String[] VERSIONS = {"HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/1.2"};
    private static final String[] FIELDS = {
        "Accept: */*",
        "X-A:",
        "X-B: \t b \t",
        "X_C1: \u00e4\u00ff",
        "Connection: keep-alive",
        "Connection: close",
        "Cookie: a=b; c=\"d\"",
        "Expect: 100-continue",
        "Content-Type: text/plain",
        "Content-Length: 0",
        "Transfer-Encoding: chunked",
        "Host: b",
    };
    private static final String[] HOSTS = {"a", "a", "a", "a:80", "127.0.0.1:8080", "[::1]:80", "a_b", "%41"};
    private static final String[] ODD_HOSTS = {"", "a b", "a:b", "a:65536", "[::1", "[::]:", "u@a", "a, b"};
    private static final String[] EXTENSIONS = {"", "", "", "", ";a", ";a=b", " ; a = \"b;\\\"\"", ";", ";a=", ";a b"};
    private static final String[] TRAILERS = {"", "", "", "X-T: u\r\n", "Content-Length: 9\r\n", "X:\r\nY: z\r\n"};
    private static final String BYTES = " \t\r\n:;,?#/*%@-_.\"\\0159aAfFgzZ\0\u000b\f\u001f\u007f\u0080\u00ff";

    private static final List<Case> CASES = ConformanceCases.all().stream()
            .filter(test -> test.text().length() < 600)
            .toList();

    private final Random random;

    MutatedRequests(final long seed) {
        random = new Random(seed);
    }

    byte[] next() {
        final StringBuilder text = new StringBuilder();
        String request = request();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            text.append(request);
            final int kind = random.nextInt(4);
            if (kind == 0) {
                request = CASES.get(random.nextInt(CASES.size())).text();
            } else if (kind < 3) {
                request = request();
            }
            // Otherwise the same again: its fields are known then.
        }
        byte[] bytes = text.toString().getBytes(ISO_8859_1);
        // Many stay whole: both have to take them, with the same ends.
        for (int i = Math.max(0, random.nextInt(7) - 3); i > 0 && bytes.length > 0; i--) {
            bytes = mutated(bytes);
        }
        return bytes;
    }

    private String request() {
        final StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "\r\n" : "");
        text.append(any(METHODS))
                .append(' ')
                .append(any(random.nextInt(20) > 0 ? TARGETS : ODD_TARGETS))
                .append(' ')
                .append(any(VERSIONS))
                .append("\r\n");
        if (random.nextInt(20) > 0) {
            text.append("Host: ")
                    .append(any(random.nextInt(20) > 0 ? HOSTS : ODD_HOSTS))
                    .append("\r\n");
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            // The last ones change how the body ends: seldom.
            text.append(FIELDS[random.nextInt(random.nextInt(8) == 0 ? FIELDS.length : FIELDS.length - 3)])
                    .append("\r\n");
        }
        return text.append(framedBody()).toString();
    }

    private String framedBody() {
        final String body = "{\"a\":1}\r\n0\r\n\r\nGET /".substring(0, random.nextInt(20));
        return switch (random.nextInt(4)) {
            case 0 -> "\r\n";
            case 1 -> "Content-Length: " + body.length() + "\r\n\r\n" + body;
            case 2 ->
                "Content-Length: " + body.length() + (random.nextBoolean() ? ", " : "\r\nContent-Length: ")
                        + body.length() + "\r\n\r\n" + body;
            default -> "Transfer-Encoding: chunked\r\n\r\n" + chunks(body);
        };
    }

    private String chunks(final String body) {
        final StringBuilder chunks = new StringBuilder();
        int from = 0;
        while (from < body.length()) {
            final int to = from + 1 + random.nextInt(body.length() - from);
            chunks.append(random.nextInt(4) == 0 ? "00" : "")
                    .append(Integer.toHexString(to - from))
                    .append(any(EXTENSIONS))
                    .append("\r\n")
                    .append(body, from, to)
                    .append("\r\n");
            from = to;
        }
        return chunks.append('0')
                .append(any(EXTENSIONS))
                .append("\r\n")
                .append(any(TRAILERS))
                .append("\r\n")
                .toString();
    }

    private byte[] mutated(final byte[] bytes) {
        final int at = random.nextInt(bytes.length);
        final byte b = (byte) BYTES.charAt(random.nextInt(BYTES.length()));
        switch (random.nextInt(7)) {
            case 0 -> {
                return replaced(bytes, at, at + 1, new byte[] {b});
            }
            case 1 -> {
                return replaced(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
            }
            case 2 -> {
                return replaced(bytes, at, at, new byte[] {b});
            }
            case 3 -> {
                return replaced(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(3)), new byte[0]);
            }
            case 4 -> {
                final int to = Math.min(bytes.length, at + 1 + random.nextInt(30));
                return replaced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
            }
            case 5 -> {
                final int to = Math.min(bytes.length, at + 1 + random.nextInt(30));
                return replaced(bytes, random.nextInt(bytes.length), -1, Arrays.copyOfRange(bytes, at, to));
            }
            default -> {
                return Arrays.copyOf(bytes, at);
            }
        }
    }

    /** With other bytes between the indices; {@code to} -1 inserts. */
    private static byte[] replaced(final byte[] bytes, final int from, final int to, final byte[] by) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(bytes, 0, from);
        all.writeBytes(by);
        final int behind = Math.max(from, to);
        all.write(bytes, behind, bytes.length - behind);
        return all.toByteArray();
    }

    /** Where to cut the bytes into pieces of any length. */
    int piece(final int length) {
        return random.nextInt(3) == 0 ? length : 1 + random.nextInt(Math.max(1, length));
    }

    private String any(final String[] texts) {
        return texts[random.nextInt(texts.length)];
    }
}
