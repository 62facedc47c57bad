/** The parser of requests against Netty's, on the heads that load tools and browsers really send. */
package io.millrace.bench.http;
