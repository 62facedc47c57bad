/**
 * The command line of the server.
 *
 * <p>Stage before: the launcher. Stage after: the wiring, behind {@link io.millrace.server.cli.ServerRunner}. Owning thread:
 * main. Allocation: free.
 */
package io.millrace.server.cli;
