package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.joining;

import org.agrona.DirectBuffer;

/**
 * Fields that few requests need, as text. They are looked for when they are asked for, so that reading the heads of all other
 * requests costs nothing more. Stateless; allocates.
 */
public final class FieldText {
    private FieldText() {}

    /**
     * The values of all fields of that name, joined by commas, which is the same list (RFC 9110, 5.3); empty if there is none.
     * Their bytes stand for themselves, as ISO 8859-1.
     *
     * @param start the request's first byte in {@code buffer}
     */
    public static String values(final RequestHead head, final DirectBuffer buffer, final int start, final String name) {
        final byte[] bytes = new byte[head.length];
        buffer.getBytes(start, bytes);
        final String prefix = name + ':';
        // No request line can begin like that: a method has no colon.
        return new String(bytes, ISO_8859_1)
                .lines()
                .filter(line -> line.regionMatches(true, 0, prefix, 0, prefix.length()))
                .map(line -> line.substring(prefix.length()).strip())
                .collect(joining(", "));
    }
}
