/** What tests of this module and of others need to have real servers at hand. */
package io.millrace.storage.testing;
