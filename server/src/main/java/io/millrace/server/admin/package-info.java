/**
 * The admin port: health, readiness, the ledger, metrics and queries, over Netty's stock HTTP codec.
 *
 * <p>It looks at every stage of the data path and is part of none. Owning threads: one event loop of its own reads
 * requests and samples the age of what is under way; whatever may block, PostgreSQL above all, runs on two query threads.
 * Allocation: freely; nothing here is called by the data path.
 */
package io.millrace.server.admin;
