/** What tests of this and other modules need of real stores: servers of their own, faults, and waiting for conditions. */
package io.millrace.storage.testing;
