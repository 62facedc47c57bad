package io.millrace.pipeline.journal;

import java.nio.file.Path;

/**
 * The copy of a damaged journal as it was found.
 *
 * @param path where it is; null if there is none
 * @param failure why there is none; null if there was no need for one
 */
record KeptCopy(Path path, String failure) {
    /** No copy was needed. */
    static final KeptCopy NONE = new KeptCopy(null, null);

    @Override
    public String toString() {
        return path == null ? "no copy of it could be kept: " + failure : "a copy as it was is kept as " + path;
    }
}
