/**
 * {@code millrace bench faults}: does to a system under load what a bad day does, and counts what was lost and what was doubled.
 * The rows are described in docs/faults.md.
 *
 * <p>Stage before: {@link io.millrace.bench.faults.stage}. Owning thread: main. Allocation: free.
 */
package io.millrace.bench.faults;
