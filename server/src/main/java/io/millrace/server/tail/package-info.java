/**
 * {@code millrace tail}: the streams in Redis as lines of JSON.
 *
 * <p>Stage before: the command line, and any shipper's stream. Stage after: standard output. Owning thread: main. Allocation:
 * free. It only reads: a tail more or less changes nothing for the data path.
 */
package io.millrace.server.tail;
