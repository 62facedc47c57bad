/**
 * Servers that are changed: such as die at a chosen point of the way of an event, and such as lie. The changes are made to the
 * sources as they are and compiled when they are needed, so nothing of it is in the server that others run; a change whose place
 * is not found any more fails, and is not passed over.
 *
 * <p>Stage before: {@link io.millrace.bench.faults.stage.Launch}. Owning thread: main. Allocation: free.
 */
package io.millrace.bench.faults.planted;
