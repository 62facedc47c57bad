/**
 * Requests and replies of the admin port: the target and the fields of a request that matter, replies in JSON and CSV with
 * the fields that every reply has, and what a resource is.
 *
 * <p>Stage before: Netty's HTTP codec. Stage after: the resources. Owning threads: any. Allocation: freely.
 */
package io.millrace.server.admin.http;
