package io.millrace.storage.embedded.folder;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords of embedded stores. */
public final class Passwords {
    private static final int RANDOM_BYTES = 24;

    private Passwords() {}

    /** A new one of 192 random bits, in letters and digits that need no escape in a URI or a configuration file. */
    public static String generate() {
        final byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
