package io.millrace.server.http;

/** The methods of RFC 9110, section 9, and PATCH. Anything else is {@link #OTHER}: a token that is not implemented. */
public enum Method {
    GET,
    HEAD,
    POST,
    OPTIONS,
    PUT,
    DELETE,
    PATCH,
    TRACE,
    CONNECT,
    OTHER;

    private final int length = name().length();

    /** Of its name. */
    int length() {
        return length;
    }
}
