/**
 * The load generator: {@code millrace load}, and a library for whoever has to put a server under load and to know afterwards
 * what became of every event.
 *
 * <p>Stage before: nothing. Stage after: any server of HTTP/1.1, over loopback or a network. Owning thread: {@link
 * io.millrace.bench.load.LoadLoop}'s, which sends, receives, keeps the time and counts; the thread that started it only reads
 * counters. Allocation: none for a request, but for what Netty's pools take.
 */
package io.millrace.bench.load;
