/**
 * The tools of this module that are called by name, and their options: each is declared, read and checked in one place, in
 * the manner of {@link io.millrace.server.config}.
 *
 * <p>Stage before: the launcher. Stage after: the tool. Owning thread: main. Allocation: free.
 */
package io.millrace.bench.tool;
