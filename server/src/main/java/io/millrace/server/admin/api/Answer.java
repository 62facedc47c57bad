package io.millrace.server.admin.api;

import io.millrace.server.admin.http.Csv;
import io.millrace.server.admin.http.Json;

/** What was read, in each form that a reply can have. */
interface Answer {
    Json json();

    Csv csv();

    /** The parameter {@code after} of the next page; null if there is none. */
    default String next() {
        return null;
    }
}
