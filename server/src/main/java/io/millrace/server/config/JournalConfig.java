package io.millrace.server.config;

import java.nio.file.Path;

/**
 * The journals.
 *
 * @param directory where their files are
 * @param sizeBytes of the ring of each event loop, a power of two
 */
public record JournalConfig(Path directory, int sizeBytes) {}
