/**
 * {@code millrace bench ack}: what each level of acknowledgement costs a client, side by side on the same server.
 *
 * <p>Stage before: the launcher. Stage after: a {@link io.millrace.bench.load.Load} against a {@link
 * io.millrace.bench.process.ServiceProcess}. Owning thread: the tool's. Allocation: free.
 */
package io.millrace.bench.ack;
