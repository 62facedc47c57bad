/** What a flush costs, with event ids and without. */
package io.millrace.bench.window;
