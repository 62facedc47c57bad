/** Fails the build when a test leaks a buffer. */
package io.millrace.server.leak;
