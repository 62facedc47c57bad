package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Bytes that a client sends, and the statuses of the replies it has to get.
 *
 * @param section what rules it
 * @param expected statuses in order, and {@code close} at the end if the connection must close
 */
public record Case(String section, String name, String text, String expected) {
    /** A byte for each character. */
    public byte[] bytes() {
        return text.getBytes(ISO_8859_1);
    }

    @Override
    public String toString() {
        return section + ": " + name;
    }
}
