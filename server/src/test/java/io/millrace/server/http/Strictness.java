package io.millrace.server.http;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where this server refuses what Netty's decoder takes. Each constant sees by itself, in the text of a request, whether it
 * applies; its title stands in docs/http.md.
 */
enum Strictness {
    EMPTY_LINES(
            "more than four empty lines before a request line, or a bare CR or LF there",
            "9112, 2.2",
            Set.of(Refusal.BAD_REQUEST_LINE),
            text -> !text.matches("(?s)(?:\r\n){0,4}[^\r\n].*")),
    LINE_SPACE(
            "anything but one space between method, target and version",
            "9112, 3",
            Set.of(Refusal.BAD_REQUEST_LINE),
            text -> !requestLine(text).matches("[^ \t\u000b\f\r]+ [^ \t\u000b\f\r]+ [^ \t\u000b\f\r]+")),
    VERSION_CASE(
            "a version that is not written in upper case",
            "9112, 2.3",
            Set.of(Refusal.BAD_REQUEST_LINE),
            text -> !lastWord(text).startsWith("HTTP/")),
    VERSION_NUMBER(
            "a major version other than 1",
            "9110, 15.6.6",
            Set.of(Refusal.VERSION_NOT_SUPPORTED),
            text -> lastWord(text).matches("HTTP/[02-9]\\.\\d")),
    LONG_METHOD(
            "a method of more than 32 bytes",
            "9112, 3",
            Set.of(Refusal.METHOD_TOO_LONG),
            text -> word(text, 0).length() > 32),
    TARGET_BYTES(
            "a number sign, a control byte or a byte above 0x7E in the target",
            "9112, 3.2",
            Set.of(Refusal.BAD_REQUEST_LINE),
            text -> !word(text, 1).matches("[!-~&&[^#]]*")),
    TARGET_FORM(
            "a target in none of the four forms, or with an invalid authority",
            "9112, 3.2",
            Set.of(Refusal.BAD_TARGET),
            text -> !word(text, 1).matches("/.*")),
    HOST("Host missing, repeated or invalid", "9112, 3.2", Set.of(Refusal.BAD_HOST), text -> !validHost(text)),
    FOLDING(
            "a field folded over several lines",
            "9112, 5.2",
            Set.of(Refusal.BAD_FIELD, Refusal.BAD_CONTENT_LENGTH, Refusal.BAD_TRANSFER_ENCODING),
            text -> Pattern.compile("\r\n[ \t]").matcher(text).find()),
    FIELD_LIMITS(
            "more than 100 fields or trailers, or 16 KiB of them with their line ends",
            "9110, 5.4",
            Set.of(Refusal.FIELDS_TOO_LARGE),
            text -> text.split("\r\n", -1).length > HttpLimits.DEFAULTS.fieldCount()
                    || text.length() > HttpLimits.DEFAULTS.fieldBytes()),
    CODINGS(
            "Transfer-Encoding in several fields, or with anything but chunked",
            "9112, 6.1",
            Set.of(Refusal.BAD_TRANSFER_ENCODING, Refusal.CODING_NOT_IMPLEMENTED),
            text -> !values(text, "transfer-encoding").equals(List.of("chunked"))),
    OLD_LENGTHS(
            "Content-Length that differs in several fields of HTTP/1.0",
            "9110, 8.6",
            Set.of(Refusal.BAD_CONTENT_LENGTH),
            text -> "HTTP/1.0".equals(lastWord(text))
                    && values(text, "content-length").size() > 1),
    BODY_LIMIT(
            "a body of more than 1 MiB",
            "9110, 15.5.14",
            Set.of(Refusal.BODY_TOO_LARGE),
            text -> values(text, "content-length").stream().anyMatch(value -> value.matches(".*\\d{7}.*"))
                    || Pattern.compile("\r\n0*[1-9a-fA-F][0-9a-fA-F]{5,}[ \t]*[;\r]")
                            .matcher(text)
                            .find()),
    CHUNK_SIZE(
            "a chunk size of more than 16 digits",
            "9112, 7.1",
            Set.of(Refusal.BAD_CHUNK),
            text -> Pattern.compile("\r\n[0-9a-fA-F]{17,}").matcher(text).find()),
    UNREAD_TRAILER(
            "a control byte in a trailer that Netty drops unread: Content-Length, Transfer-Encoding, Trailer",
            "9110, 5.5",
            Set.of(Refusal.BAD_FIELD),
            text -> Pattern.compile("(?i)\r\n(?:content-length|transfer-encoding|trailer):[^\n]*"
                            + "(?:[\0-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r[^\n])")
                    .matcher(text)
                    .find()),
    CHUNK_EXTENSION(
            "a chunk extension that its grammar does not allow",
            "9112, 7.1.1",
            Set.of(Refusal.BAD_CHUNK),
            text -> !validExtensions(text));

    private static final String HEAD_END = "\r\n\r\n";
    private static final Pattern EXTENDED_SIZE = Pattern.compile("\r\n[0-9a-fA-F]+([ \t;][^\r]*)");
    private static final Pattern EXTENSIONS = extensions();

    private final String title;
    private final String section;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<Refusal> refusals;
    // Lambdas without state: as immutable as the rest.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Predicate<String> applies;

    Strictness(final String title, final String section, final Set<Refusal> refusals, final Predicate<String> applies) {
        this.title = title;
        this.section = section;
        this.refusals = refusals;
        this.applies = applies;
    }

    /** The line of the documentation's table. */
    String documented() {
        return "| " + title + " | RFC " + section + " |";
    }

    /** Why this request, and what follows it, is refused by one of these. */
    static Set<Strictness> of(final String text, final Set<Refusal> found) {
        return Arrays.stream(values())
                .filter(reason -> !Collections.disjoint(reason.refusals, found) && reason.applies.test(text))
                .collect(Collectors.toSet());
    }

    private static String stripped(final String text) {
        return text.replaceFirst("^[\r\n]+", "");
    }

    private static String head(final String text) {
        final String request = stripped(text);
        final int end = request.indexOf(HEAD_END);
        return end < 0 ? request : request.substring(0, end);
    }

    private static String requestLine(final String text) {
        return head(text).split("\r\n", 2)[0];
    }

    private static String word(final String text, final int n) {
        final String[] words = requestLine(text).split("[ \t\u000b\f\r]+", -1);
        return n < words.length ? words[n] : "";
    }

    private static String lastWord(final String text) {
        return word(text, 2);
    }

    private static List<String> fields(final String text) {
        final List<String> lines = Arrays.asList(head(text).split("\r\n", -1));
        return lines.subList(1, lines.size());
    }

    private static List<String> values(final String text, final String name) {
        return fields(text).stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static boolean validHost(final String text) {
        final List<String> hosts = values(text, "host");
        if (hosts.size() != 1) {
            return hosts.isEmpty() && "HTTP/1.0".equals(lastWord(text));
        }
        final Matcher name = Pattern.compile("(?:[a-z0-9._~!$&'()*+,;=-]|%[0-9a-f]{2})+(?::(\\d*))?")
                .matcher(hosts.get(0));
        if (name.matches()) {
            return validPort(name.group(1));
        }
        final Matcher address = Pattern.compile("\\[([^%]*)](?::(\\d*))?").matcher(hosts.get(0));
        return address.matches() && NetUtil.isValidIpV6Address(address.group(1)) && validPort(address.group(2));
    }

    private static boolean validPort(final String digits) {
        return digits == null || digits.isEmpty() || new BigInteger(digits).bitLength() <= 16;
    }

    private static boolean validExtensions(final String text) {
        return EXTENDED_SIZE
                .matcher(text)
                .results()
                .allMatch(line -> EXTENSIONS.matcher(line.group(1)).matches());
    }

    /** RFC 9112, 7.1.1, with the tokens and quoted strings of RFC 9110, 5.6. */
    private static Pattern extensions() {
        final String space = "[ \t]*";
        final String token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
        final String quoted = "\"(?:[\t !#-\\[\\]-~\u0080-\u00ff]|\\\\[\t -~\u0080-\u00ff])*\"";
        final String value = space + "=" + space + "(?:" + token + "|" + quoted + ")";
        return Pattern.compile("(?:" + space + ";" + space + token + "(?:" + value + ")?)+");
    }
}
