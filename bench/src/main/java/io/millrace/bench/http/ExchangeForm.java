package io.millrace.bench.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** What one read brings. Users and elements differ from request to request. */
public enum ExchangeForm {
    /** One pixel request, with the fields that wrk sends. */
    PIXEL {
        @Override
        String write(final int read) {
            return pixel(read);
        }
    },
    /** Sixteen of them, pipelined. */
    PIXELS_PIPELINED {
        @Override
        String write(final int read) {
            final StringBuilder requests = new StringBuilder();
            for (int i = 0; i < PIPELINED; i++) {
                requests.append(pixel(read * PIPELINED + i));
            }
            return requests.toString();
        }
    },
    /** One event of 87 bytes as JSON. */
    EVENT {
        @Override
        String write(final int read) {
            return post("application/json", event(read));
        }
    },
    /** A hundred of them as lines. */
    LINES {
        @Override
        String write(final int read) {
            final StringBuilder lines = new StringBuilder();
            for (int i = 0; i < BATCH; i++) {
                lines.append(event(read * BATCH + i)).append('\n');
            }
            return post("application/x-ndjson", lines.toString());
        }
    };

    static final int PIPELINED = 16;
    static final int BATCH = 100;

    abstract String write(int read);

    /** The bytes of read number {@code read}. */
    final byte[] bytes(final int read) {
        return write(read).getBytes(US_ASCII);
    }

    private static String pixel(final int i) {
        return "GET /pixel.gif?u=" + (100_000 + i) + "&a=view&e=hero-" + i % 50
                + " HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";
    }

    private static String event(final int i) {
        return "{\"user_id\":\"user-" + (1000 + i % 9000) + "\",\"action\":\"click\",\"element\":\"buy-"
                + (100 + i % 50) + "\",\"timestamp\":" + (1_767_225_600_000L + i) + "}";
    }

    private static String post(final String type, final String body) {
        return "POST /events HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }
}
