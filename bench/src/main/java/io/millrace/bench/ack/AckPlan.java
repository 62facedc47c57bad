package io.millrace.bench.ack;

import java.time.Duration;

/**
 * What is measured of each level.
 *
 * @param rounds in each of which every level has its turn
 * @param ratePerSecond of the requests whose latency is taken
 * @param connections of both loads
 * @param pipeline requests that may be on their way on each connection: a constant rate needs rate × latency of them in all, or
 *     else requests wait for a connection, not for the server
 * @param warmup of each load
 * @param duration of each load
 */
record AckPlan(int rounds, double ratePerSecond, int connections, int pipeline, Duration warmup, Duration duration) {}
