package io.millrace.storage.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerLogTest {
    @TempDir
    Path folder;

    private ServerLog log() {
        return new ServerLog(folder.resolve("server.log"));
    }

    @Test
    void shouldBeEmptyWhereThereIsNoFile() throws Exception {
        log().rotate();
        assertThat(log().sizeBytes()).isZero();
        assertThat(log().linesSince(0)).isEmpty();
    }

    @Test
    void shouldGiveTheLinesSinceAnOffset() throws Exception {
        Files.writeString(log().file(), "old\n");
        final long offset = log().sizeBytes();
        Files.writeString(log().file(), "  new \n\nlast", StandardOpenOption.APPEND);
        assertThat(log().linesSince(offset)).containsExactly("new", "last");
        assertThat(log().linesSince(log().sizeBytes())).isEmpty();
    }

    @Test
    void shouldMoveALargeOneAside() throws Exception {
        Files.writeString(log().file(), "small\n");
        log().rotate();
        assertThat(log().linesSince(0)).containsExactly("small");
        try (RandomAccessFile file = new RandomAccessFile(log().file().toFile(), "rw")) {
            file.setLength(ServerLog.MAX_BYTES + 1);
        }
        log().rotate();
        assertThat(log().file()).doesNotExist();
        assertThat(folder.resolve("server.log.1")).hasSize(ServerLog.MAX_BYTES + 1);
    }
}
