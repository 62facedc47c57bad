/** Benchmarks: each piece of code that Millrace keeps for its speed, beside the library that does the same. */
package io.millrace.bench;
