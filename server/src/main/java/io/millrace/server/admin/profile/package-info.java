/**
 * Flame graphs of this very process, on request. Nothing here runs, and no library is loaded, until somebody asks; then it samples on a
 * thread of the admin port's, not on an event loop.
 */
package io.millrace.server.admin.profile;
