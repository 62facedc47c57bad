/**
 * {@code millrace replay}: lines of JSON into an ingest port, by HTTP like any other client.
 *
 * <p>Stage before: the command line, and a file. Stage after: a server, here or elsewhere. Owning thread: main. Allocation: free.
 */
package io.millrace.server.replay;
