/**
 * What a fault is done to: a server process as the launcher runs it, a redis-server and a PostgreSQL, a load that knows what it
 * sent, and between them connections that can be cut.
 *
 * <p>Stage before: {@link io.millrace.bench.load}. Stage after: {@link io.millrace.bench.faults}. Owning thread: main; loads and
 * proxies have threads of their own. Allocation: free.
 */
package io.millrace.bench.faults.stage;
