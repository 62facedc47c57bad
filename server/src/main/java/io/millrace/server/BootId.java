package io.millrace.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Tells one boot of the machine from another. */
final class BootId {
    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    /**
     * The id of this boot. Where the kernel tells none, a new one each time: then every start begins a new journal and drains
     * the old one, which is right after any boot.
     */
    static UUID read() throws IOException {
        return Files.exists(LINUX) ? UUID.fromString(Files.readString(LINUX).strip()) : UUID.randomUUID();
    }
}
