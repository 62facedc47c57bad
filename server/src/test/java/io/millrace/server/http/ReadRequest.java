package io.millrace.server.http;

/**
 * A request as a parser read it, a character for each byte.
 *
 * @param target as it stands in the request line
 * @param body out of its chunks
 */
record ReadRequest(String method, String target, String body) {}
