package io.millrace.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;

/** What holds of every reply, whatever the request was. */
final class ReplyRules {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 \\d{3} [A-Z][A-Za-z -]+");
    private static final Pattern FIELD = Pattern.compile("[A-Z][A-Za-z-]*: [ -~]+");

    private ReplyRules() {}

    static void check(final List<String> replies) {
        for (int i = 0; i < replies.size(); i++) {
            final String head = replies.get(i).substring(0, replies.get(i).indexOf("\r\n\r\n"));
            final List<String> lines = List.of(head.split("\r\n", -1));
            assertThat(lines.get(0)).matches(STATUS_LINE);
            assertThat(lines.subList(1, lines.size())).as(head).allMatch(FIELD.asMatchPredicate());
            final int status = Integer.parseInt(head.substring(9, 12));
            if (status == 100) {
                // RFC 9110, 15.2: an interim reply is a head without fields here.
                assertThat(lines).hasSize(1);
                continue;
            }
            assertThat(count(lines, "Date")).as(head).isEqualTo(1);
            // RFC 9110, 8.6: no length with 204.
            assertThat(count(lines, "Content-Length")).as(head).isEqualTo(status == 204 ? 0 : 1);
            // RFC 9110, 15.5.6, and 9.3.7 for OPTIONS
            assertThat(count(lines, "Allow")).as(head).isEqualTo(status == 405 || status == 204 ? 1 : 0);
            if (i < replies.size() - 1) {
                assertThat(lines).as("only the last reply closes").doesNotContain("Connection: close");
            }
        }
    }

    private static long count(final List<String> lines, final String name) {
        return lines.stream().filter(line -> line.startsWith(name + ": ")).count();
    }
}
