/** Holds what stands in {@code docker/} against the server: its options, its ports, its paths, and the types of Kubernetes and Compose. */
package io.millrace.server.docker;
