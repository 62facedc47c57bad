/** The decoders of the ingest port against the parsers that could stand in their place, all doing the same work. */
package io.millrace.bench.decode;
