/**
 * {@code millrace bench evolution}: the service that Millrace starts from in its four versions, and Millrace, under the same
 * loads, with what became of what each accepted.
 *
 * <p>Stage before: the launcher. Stage after: {@link io.millrace.bench.process.ServiceProcess}. Owning thread: the tool's.
 * Allocation: free.
 */
package io.millrace.bench.evolution;
