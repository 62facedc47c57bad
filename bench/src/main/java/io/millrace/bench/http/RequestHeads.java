package io.millrace.bench.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Heads of pixel requests as their senders write them. In each form every request has another query; what else differs is
 * said at the form.
 */
public enum RequestHeads {
    /** wrk 4.1, which sends the least that HTTP/1.1 allows: the same fields in each request. */
    WRK {
        @Override
        String fields(final int n) {
            return lines("Host: 127.0.0.1:8080");
        }
    },

    /** As short, but with another Host each time. */
    SHORT_VARIED {
        @Override
        String fields(final int n) {
            return lines("Host: 127.0.0.1:" + (10_000 + mixed(n) % 50_000));
        }
    },

    /** Chrome on Linux, for an image of another origin: the same fields in each request. */
    CHROME {
        @Override
        String fields(final int n) {
            return chrome("https://www.example.com/products/1234?campaign=autumn");
        }
    },

    /** The same Chrome with a cookie, and on another page each time: Referer and Cookie differ, in length too. */
    CHROME_VARIED {
        @Override
        String fields(final int n) {
            return chrome(page(n), "Cookie: " + cookie(n));
        }
    },

    /** One of three browsers in an order without a pattern, on another page and with another cookie each time. */
    BROWSERS {
        @Override
        String fields(final int n) {
            return switch (mixed(n) % 3) {
                case 0 -> chrome(page(n), "Cookie: " + cookie(n));
                case 1 -> firefox(page(n), cookie(n));
                default -> safari(page(n), cookie(n));
            };
        }
    };

    /** The lines behind the request line, each with its CRLF. */
    abstract String fields(int n);

    /** Request {@code n}. */
    byte[] write(final int n) {
        final String line = "GET /pixel.gif?user_id=user-" + (10_000 + n * 7919 % 90_000) + "&action=click&element=btn-"
                + (100 + n * 31 % 900) + " HTTP/1.1\r\n";
        return (line + fields(n) + "\r\n").getBytes(US_ASCII);
    }

    private static String chrome(final String referer, final String... more) {
        return lines(
                        "Host: events.example.com",
                        "Connection: keep-alive",
                        "sec-ch-ua-platform: \"Linux\"",
                        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
                                + " Chrome/141.0.0.0 Safari/537.36",
                        "sec-ch-ua: \"Google Chrome\";v=\"141\", \"Not?A_Brand\";v=\"8\", \"Chromium\";v=\"141\"",
                        "sec-ch-ua-mobile: ?0",
                        "Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
                        "Sec-Fetch-Site: cross-site",
                        "Sec-Fetch-Mode: no-cors",
                        "Sec-Fetch-Dest: image",
                        "Referer: " + referer,
                        "Accept-Encoding: gzip, deflate, br, zstd",
                        "Accept-Language: en-GB,en;q=0.9,de;q=0.8")
                + lines(more);
    }

    private static String firefox(final String referer, final String cookie) {
        return lines(
                "Host: events.example.com",
                "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
                "Accept: image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
                "Accept-Language: en-GB,en;q=0.7,de;q=0.3",
                "Accept-Encoding: gzip, deflate, br, zstd",
                "Connection: keep-alive",
                "Referer: " + referer,
                "Cookie: " + cookie,
                "Sec-Fetch-Dest: image",
                "Sec-Fetch-Mode: no-cors",
                "Sec-Fetch-Site: cross-site",
                "Priority: u=5");
    }

    private static String safari(final String referer, final String cookie) {
        return lines(
                "Host: events.example.com",
                "Accept: image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,"
                        + "image/svg+xml,image/*;q=0.8,*/*;q=0.5",
                "Cookie: " + cookie,
                "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                        + " Version/26.0 Safari/605.1.15",
                "Referer: " + referer,
                "Accept-Language: en-GB,en;q=0.9",
                "Accept-Encoding: gzip, deflate, br",
                "Sec-Fetch-Dest: image",
                "Sec-Fetch-Mode: no-cors",
                "Sec-Fetch-Site: cross-site",
                "Connection: keep-alive");
    }

    private static String page(final int n) {
        return "https://www.example.com/products/" + "/and/more".repeat(mixed(n) % 7) + '/' + mixed(n);
    }

    private static String cookie(final int n) {
        return "session=" + Integer.toHexString(mixed(n + 1)).repeat(1 + mixed(n) % 11) + "; consent=1";
    }

    /** A number without a pattern, never negative. */
    private static int mixed(final int n) {
        final int product = (n + 1) * 0x9E3779B9;
        return (product ^ (product >>> 15)) & 0xFFFFFF;
    }

    private static String lines(final String... fields) {
        return fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
    }
}
