/** What the tests of several modules share: events in the binary layout. */
package io.millrace.pipeline.testing;
