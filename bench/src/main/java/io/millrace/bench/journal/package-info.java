/** The journal against the rings and queues that could stand in its place. */
package io.millrace.bench.journal;
