package io.millrace.server.admin.http;

/**
 * Writes a table as CSV (RFC 4180): lines end with CRLF, the first one holds the names, and a field with a comma, a quotation
 * mark or a line break stands in quotation marks. Text is written as it is: what an event brought may look like a formula to a
 * spreadsheet. Not thread-safe.
 */
public final class Csv {
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
            append(fields[i] == null ? "" : fields[i].toString());
        }
        text.append("\r\n");
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void append(final String field) {
        if (field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')) {
            text.append(field);
            return;
        }
        text.append('"').append(field.replace("\"", "\"\"")).append('"');
    }
}
