package io.millrace.storage.embedded.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * What a child writes to its standard output and error, over its restarts.
 *
 * @param file need not exist
 */
public record ServerLog(Path file) {
    static final long MAX_BYTES = 8 * 1024 * 1024;
    private static final int MAX_TAIL_BYTES = 64 * 1024;

    /** Moves a log that has grown large aside; two are kept. Only while no child writes. */
    public void rotate() throws IOException {
        if (sizeBytes() > MAX_BYTES) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Its length; 0 if there is none. */
    public long sizeBytes() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** The lines after that length that are not blank; of many the last 64 KiB. */
    public List<String> linesSince(final long offsetBytes) throws IOException {
        final long end = sizeBytes();
        final long start = Math.max(offsetBytes, end - MAX_TAIL_BYTES);
        if (start >= end) {
            return List.of();
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            final byte[] tail = new byte[(int) (end - start)];
            log.seek(start);
            log.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }
}
