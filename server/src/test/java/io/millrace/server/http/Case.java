package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Bytes that a client sends, and the statuses of the replies it has to get.
 *
 * @param section what rules it
 * @param expected statuses in order, and {@code close} at the end if the connection must close
 */
public record Case(String section, String name, byte[] bytes, String expected) {
    static Case of(final String section, final String name, final String text, final String expected) {
        return new Case(section, name, text.getBytes(ISO_8859_1), expected);
    }

    @Override
    public String toString() {
        return section + ": " + name;
    }
}
