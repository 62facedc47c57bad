package io.millrace.server.http;

import java.util.regex.Pattern;

/** Bugs that parsers have had, each as a change of one line of the real source. */
enum PlantedBug {
    BOTH_LENGTHS_TAKEN("RequestParser", "head.chunked && (head.contentLength >= 0 || head.http10)", "head.http10"),
    OLD_CHUNKS_TAKEN("RequestParser", "(head.contentLength >= 0 || head.http10)", "head.contentLength >= 0"),
    LENGTHS_DIFFER("FieldReader", "|| (head.contentLength >= 0 && head.contentLength != length)", ""),
    LENGTH_OVERFLOWS("FieldReader", "|| number > (Long.MAX_VALUE - digit) / 10", ""),
    LENGTH_OF_ANY_BYTES("FieldReader", "digit < 0 || digit > 9 ||", ""),
    CODING_TWICE("FieldReader", "if (head.transferEncoding) {", "if (head.transferEncoding && !head.chunked) {"),
    CODING_IGNORED("FieldReader", ": Refusal.BAD_TRANSFER_ENCODING;", ": null;"),
    CHUNK_SIZE_OVERFLOWS(
            "ChunkedDecoder",
            "size = (size << 4) | HttpBytes.hexDigit(b);",
            "size = ((size << 4) | HttpBytes.hexDigit(b)) & 0xFFFFFFFFL;"),
    CHUNK_SIZE_MISSING(
            "ChunkedDecoder",
            "HttpBytes.hexDigit(b) < 0 ? refuse(Refusal.BAD_CHUNK) : sizeDigit(b)",
            "b == '\\r' ? State.SIZE_LF : sizeDigit(b)"),
    CHUNK_DATA_ENDS_WITH_LF(
            "ChunkedDecoder",
            "b == '\\r' ? State.DATA_LF :",
            "b == '\\r' ? State.DATA_LF : b == '\\n' ? State.SIZE_START :"),
    CHUNK_SIZE_ENDS_WITH_CR(
            "ChunkedDecoder", "b == '\\n' ? sizeLineEnd() : refuse(Refusal.BAD_CHUNK)", "sizeLineEnd()"),
    EXTENSION_WITH_LF("ChunkExtension", "b == ' ' || b == '\\t' ? then", "b == ' ' || b == '\\t' || b == '\\n' ? then"),
    LF_IN_A_VALUE(
            "HttpBytes",
            "if (buffer.getByte(i) != '\\t') {",
            "if (buffer.getByte(i) != '\\t' && buffer.getByte(i) != '\\n') {"),
    NUL_IN_A_VALUE(
            "HttpBytes",
            "if (buffer.getByte(i) != '\\t') {",
            "if (buffer.getByte(i) != '\\t' && buffer.getByte(i) != 0) {"),
    CR_SKIPPED_BEFORE_A_LINE("RequestParser", "buffer.getByte(i + 1) != '\\n'", "false"),
    SPACE_BEFORE_THE_COLON("RequestParser", "buffer.getByte(nameEnd) != ':') {", "buffer.getByte(nameEnd) > ':') {"),
    FOLDED_LINE(
            Seen.IN_CASES,
            "RequestParser",
            "nameEnd == i || buffer.getByte(nameEnd) != ':'",
            "(nameEnd == i ? buffer.getByte(i) != ' ' : buffer.getByte(nameEnd) != ':')"),
    SPACE_KEPT_IN_A_VALUE("FieldReader", "return b == ' ' || b == '\\t';", "return b == ' ';"),
    HOST_MISSING(Seen.IN_CASES, "RequestParser", "!head.hostValid : !head.http10", "!head.hostValid : false"),
    HOST_TWICE(Seen.IN_CASES, "RequestParser", "head.hosts > 1 || (head.hosts == 1", "(head.hosts >= 1"),
    HOST_WITH_USER(Seen.IN_CASES, "Authority", "\"-._~!$&'()*+,;=\"", "\"-._~!$&'()*+,;=@\""),
    PORT_OVERFLOWS(Seen.IN_CASES, "Authority", "return port <= MAX_PORT;", "return true;"),
    BODY_OF_GET_IS_A_REQUEST(
            "RequestStream", "if (!head.hasBody()) {", "if (!head.hasBody() || head.method() == Method.GET) {"),
    BODY_ONE_BYTE_SHORT("RequestStream", "if (end - body >= length) {", "if (end - body >= length - 1) {"),
    SERVED_AFTER_CLOSE("RequestStream", "return !last;", "return true;"),
    EMPTY_LINES_WITHOUT_END(
            Seen.IN_CASES, "RequestParser", "if (emptyLines == MAX_EMPTY_LINES) {", "if (emptyLines < 0) {"),
    LINE_WITHOUT_END(
            Seen.IN_CASES,
            "RequestParser",
            "return bounded ? refuse(Refusal.URI_TOO_LONG) : suspend(State.REQUEST_LINE, from - start);",
            "return suspend(State.REQUEST_LINE, from - start);"),
    EXTENSIONS_WITHOUT_END(
            Seen.IN_CASES, "ChunkedDecoder", "extensionBytes > MAX_EXTENSION_BYTES", "extensionBytes < 0"),
    TRAILERS_WITHOUT_END(Seen.IN_CASES, "ChunkedDecoder", "trailerBytes > maxTrailerBytes", "trailerBytes < 0"),
    FORGETS_FIELDS_BETWEEN_READS(
            Seen.IN_CASES,
            "RequestParser",
            "                    fieldCount = count;",
            "                    fieldCount = 0;"),
    KNOWN_FIELDS_WITHOUT_LENGTH("RequestHead", "contentLength = other.contentLength;", "contentLength = ABSENT;");

    /** By what a bug is seen. */
    enum Seen {
        /** Netty has it, or mutated requests are not long enough for it. */
        IN_CASES,
        IN_CASES_AND_BESIDE_NETTY
    }

    private final Seen seen;
    private final String file;
    private final String code;
    private final String planted;

    PlantedBug(final String file, final String code, final String planted) {
        this(Seen.IN_CASES_AND_BESIDE_NETTY, file, code, planted);
    }

    PlantedBug(final Seen seen, final String file, final String code, final String planted) {
        this.seen = seen;
        this.file = file;
        this.code = code;
        this.planted = planted;
    }

    Seen seen() {
        return seen;
    }

    /** The class of {@code io.millrace.server.http} that gets it. */
    String file() {
        return file;
    }

    /** The source of that class with the bug. */
    String plantedIn(final String source) {
        if (source.split(Pattern.quote(code), -1).length != 2) {
            throw new IllegalStateException(this + ": " + file + " must have this exactly once: " + code);
        }
        return source.replace(code, planted);
    }
}
