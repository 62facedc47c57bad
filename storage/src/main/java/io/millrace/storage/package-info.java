/** The adapters that carry blocks into Redis Streams and windows into PostgreSQL. */
package io.millrace.storage;
