/**
 * {@code millrace bench age}: how old events are when their row is committed, seen from outside.
 *
 * <p>Stage before: the launcher. Stage after: a {@link io.millrace.bench.load.Load} against a {@link
 * io.millrace.bench.process.ServiceProcess}, and its PostgreSQL. Owning threads: the tool's, the load's for what it sends, and one that
 * asks PostgreSQL. Allocation: free.
 */
package io.millrace.bench.age;
