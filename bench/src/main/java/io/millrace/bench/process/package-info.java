/**
 * A Millrace in processes of its own, as a user starts it, and what each of them, and each stage in them, takes of the
 * processors and of memory.
 *
 * <p>Stage before: a tool. Stage after: {@code millrace.jar}, and Linux's {@code /proc}. Owning thread: the tool's. Allocation:
 * free.
 */
package io.millrace.bench.process;
