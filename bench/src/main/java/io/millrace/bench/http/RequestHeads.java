package io.millrace.bench.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Heads of pixel requests as their senders write them. */
public enum RequestHeads {
    /** wrk 4.1, which sends the least that HTTP/1.1 allows. */
    WRK("Host: 127.0.0.1:8080"),

    /** Chrome on Linux, for an image of another origin. */
    CHROME(
            "Host: events.example.com",
            "Connection: keep-alive",
            "sec-ch-ua-platform: \"Linux\"",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
                    + " Safari/537.36",
            "sec-ch-ua: \"Google Chrome\";v=\"141\", \"Not?A_Brand\";v=\"8\", \"Chromium\";v=\"141\"",
            "sec-ch-ua-mobile: ?0",
            "Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Mode: no-cors",
            "Sec-Fetch-Dest: image",
            "Referer: https://www.example.com/products/1234?campaign=autumn",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Accept-Language: en-GB,en;q=0.9,de;q=0.8");

    private final String fields;

    RequestHeads(final String... fields) {
        this.fields = String.join("\r\n", fields) + "\r\n\r\n";
    }

    /** Request {@code n}, which differs from others in its query. */
    byte[] write(final int n) {
        final String line = "GET /pixel.gif?user_id=user-" + (10_000 + n * 7919 % 90_000) + "&action=click&element=btn-"
                + (100 + n * 31 % 900) + " HTTP/1.1\r\n";
        return (line + fields).getBytes(US_ASCII);
    }
}
