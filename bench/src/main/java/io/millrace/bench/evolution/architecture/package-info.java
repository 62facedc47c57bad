/**
 * The four architectures that Millrace replaces, for real: on one front, against real Redis and PostgreSQL, so that what differs
 * between them is how an event gets from a request to a row. None of them is how one should do it.
 *
 * <p>Stage before: the front, {@link io.millrace.bench.evolution.architecture.Front}. Stage after: Redis and PostgreSQL. Owning
 * threads: the front's event loop, a pool for what blocks, a worker. Allocation: as their designs have it.
 */
package io.millrace.bench.evolution.architecture;
