package io.millrace.storage.postgres.query;

/** What events can be told apart by, besides their time. */
public enum Dimension {
    ACTION("action"),
    ELEMENT("element");

    private final String column;

    Dimension(final String column) {
        this.column = column;
    }

    /** The column that holds it, in every table. */
    String column() {
        return column;
    }
}
