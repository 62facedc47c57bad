/**
 * The options of the server: each is declared, validated and documented in one place.
 *
 * <p>Stage before: the command line. Stage after: the wiring, which gets a finished {@link
 * io.millrace.server.config.ServerConfig}. Owning thread: main. Allocation: free, all of it is over before the first event.
 */
package io.millrace.server.config;
