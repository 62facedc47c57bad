package io.millrace.server.admin.http;

/**
 * Writes a table as CSV (RFC 4180): lines end with CRLF, the first one holds the names, and a field with a comma, a quotation
 * mark or a line break stands in quotation marks.
 *
 * <p>Text that a spreadsheet would take for a formula gets an apostrophe before it, by which it stays text: events bring whatever
 * somebody likes to send, and a formula can send away what stands beside it. See <a
 * href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP, CSV injection</a>. Numbers and times are left alone, negative
 * ones too. Not thread-safe.
 */
public final class Csv {
    /** What begins a formula, wide forms included; tab and line breaks are skipped by some before they look for it. */
    private static final String FORMULA = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private final StringBuilder text = new StringBuilder();

    /** Begins a table with the names of its columns. */
    public Csv(final String... names) {
        row((Object[]) names);
    }

    /** Adds a line; a null is an empty field. */
    public Csv row(final Object... fields) {
        for (int i = 0; i < fields.length; i++) {
            if (i > 0) {
                text.append(',');
            }
            append(shown(fields[i]));
        }
        text.append("\r\n");
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String shown(final Object field) {
        if (field == null) {
            return "";
        }
        if (field instanceof String words && !words.isEmpty() && FORMULA.indexOf(words.charAt(0)) >= 0) {
            return '\'' + words;
        }
        return field.toString();
    }

    private void append(final String field) {
        if (field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')) {
            text.append(field);
            return;
        }
        text.append('"').append(field.replace("\"", "\"\"")).append('"');
    }
}
