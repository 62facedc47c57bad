/** The server: the one place that wires the HTTP front, the data path and the stores. */
package io.millrace.server;
