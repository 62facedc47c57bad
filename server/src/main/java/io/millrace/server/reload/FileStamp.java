package io.millrace.server.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * By what it is seen that files have changed. Links are followed: whoever swaps a link, as Kubernetes does for its secrets, has
 * changed the file.
 *
 * @param marks one for each file; null where there is none
 */
record FileStamp(List<Mark> marks) {
    /** Of one file. */
    record Mark(Object fileKey, FileTime modified, long bytes) {}

    static FileStamp of(final List<Path> files) {
        final List<Mark> marks = new ArrayList<>();
        for (final Path file : files) {
            marks.add(mark(file));
        }
        return new FileStamp(marks);
    }

    private static Mark mark(final Path file) {
        try {
            final BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Mark(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        } catch (final IOException e) {
            // Gone, or in the middle of being replaced: that is a change, and reading it will tell more.
            return null;
        }
    }
}
