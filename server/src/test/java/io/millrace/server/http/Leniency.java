package io.millrace.server.http;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where this server takes what Netty's decoder refuses, because the RFC says so. The titles stand in docs/http.md. */
enum Leniency {
    MINOR_VERSION(
            "chunks in a request of HTTP/1.2 to 1.9, which is served as 1.1",
            "9110, 2.5",
            text -> text.matches("(?s)[\r\n]*[^\r\n]* HTTP/1\\.[2-9]\r\n.*")
                    && Pattern.compile("(?i)\r\ntransfer-encoding:")
                            .matcher(text)
                            .find()),
    EQUAL_LENGTHS(
            "Content-Length whose listed numbers are equal, in HTTP/1.0 or with other leading zeros",
            "9110, 8.6",
            text -> Pattern.compile(
                            "(?i)\r\ncontent-length:[ \t]*0*(\\d+)[ \t]*(?:,|(?s:.*)\r\ncontent-length:)[ \t]*0*\\1")
                    .matcher(text)
                    .find()),
    EXTENSION_SPACE(
            "space between the token that is the value of a chunk extension and the next semicolon",
            "9112, 7.1.1",
            text -> Pattern.compile("\r\n[0-9a-fA-F]+[ \t]*;[^\r]*=[ \t]*[^ \t\";\r]+[ \t]+;")
                    .matcher(text)
                    .find()),
    EXTENSION_TEXT(
            "a byte above 0x7E in the quoted value of a chunk extension, on which Netty fails with an exception",
            "9110, 5.6.4",
            text -> Pattern.compile("\r\n[0-9a-fA-F]+[ \t]*;[^\r]*\"[^\r]*[\u0080-\u00ff]")
                    .matcher(text)
                    .find());

    private final String title;
    private final String section;
    // Lambdas without state: as immutable as the rest.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Predicate<String> applies;

    Leniency(final String title, final String section, final Predicate<String> applies) {
        this.title = title;
        this.section = section;
        this.applies = applies;
    }

    /** The line of the documentation's table. */
    String documented() {
        return "| " + title + " | RFC " + section + " |";
    }

    static Set<Leniency> of(final String text) {
        return Arrays.stream(values())
                .filter(reason -> reason.applies.test(text))
                .collect(Collectors.toSet());
    }
}
