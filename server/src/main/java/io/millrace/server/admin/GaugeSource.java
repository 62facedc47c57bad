package io.millrace.server.admin;

import java.util.function.LongSupplier;

/**
 * A number that rises and falls, looked up whenever it is asked for.
 *
 * @param name by the conventions of Prometheus, its unit last
 * @param help one sentence
 * @param value may be asked by any thread
 */
public record GaugeSource(String name, String help, LongSupplier value) {}
