/** The data path between the socket and the stores, in the order of its packages: event, journal, ship, window. */
package io.millrace.pipeline;
