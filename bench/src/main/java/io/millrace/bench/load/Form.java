package io.millrace.bench.load;

/** How events are written into requests. */
public enum Form {
    /** One event in the query of a GET. */
    PIXEL("/pixel.gif", false),
    /** One JSON object in a POST. */
    JSON("/events", false),
    /** A JSON array in a POST. */
    ARRAY("/events", true),
    /** JSON objects in lines, in a POST. */
    NDJSON("/events", true),
    /** A GET of the URL as it is, always the same: for servers that know no events. Each counts as one event. */
    GET("/", false);

    private final String path;
    private final boolean batch;

    Form(final String path, final boolean batch) {
        this.path = path;
        this.batch = batch;
    }

    /** Where such requests go if the URL has no path. */
    String path() {
        return path;
    }

    /** Whether a request may have several events. */
    boolean batch() {
        return batch;
    }
}
