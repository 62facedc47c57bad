package io.millrace.server.config;

/**
 * Where a store is, as the user gave it. It may hold a password, so it does not print itself.
 *
 * @param value the whole text, for the client library only
 */
public record ConnectionUri(String value) {
    @Override
    public String toString() {
        return value.substring(0, value.indexOf("//") + 2) + "…";
    }
}
