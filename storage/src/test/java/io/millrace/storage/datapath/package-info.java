/** The stages behind the socket, stepped by hand without threads, over a real Redis and a real PostgreSQL. */
package io.millrace.storage.datapath;
