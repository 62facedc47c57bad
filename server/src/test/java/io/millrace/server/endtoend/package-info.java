/** The whole server as a process of its own, from the socket to the rows, against real Redis and PostgreSQL. */
package io.millrace.server.endtoend;
