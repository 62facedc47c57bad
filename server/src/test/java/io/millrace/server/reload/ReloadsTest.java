package io.millrace.server.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files that are changed in all the ways in which tools change them. */
class ReloadsTest {
    private static final long LOOK_MILLIS = 20;

    private final List<String> read = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private Path first;
    private Path second;
    private Reloads reloads;

    @BeforeEach
    void start() throws IOException {
        first = Files.writeString(folder.resolve("first"), "1");
        second = Files.writeString(folder.resolve("second"), "1");
        reloads = new Reloads(List.of(new Reloadable("the files", List.of(first, second), this::read)), LOOK_MILLIS);
        reloads.start();
    }

    @AfterEach
    void stop() {
        reloads.close();
    }

    @Test
    void shouldReadWhatWasWrittenRenamedOrLinkedAnew() throws Exception {
        Files.writeString(first, "22");
        awaitRead("22 1");
        Files.move(Files.writeString(folder.resolve("new"), "3"), second, StandardCopyOption.REPLACE_EXISTING);
        awaitRead("22 3");
        assertThat(reloads.counters().get(ReloadCounter.FAILURES)).isZero();
        // A look between these two finds nothing and says so.
        final Path linked = Files.writeString(folder.resolve("linked"), "4");
        Files.delete(second);
        Files.createSymbolicLink(second, linked);
        awaitRead("22 4");
        final Path other = Files.writeString(folder.resolve("other"), "5");
        final Path link = Files.createSymbolicLink(folder.resolve("link"), other);
        Files.move(link, second, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        awaitRead("22 5");
    }

    @Test
    void shouldReportWhatCannotBeUsedOnceAndTakeWhatComesAfter() throws Exception {
        assertThat(reloads.isAllTaken()).isTrue();
        replace(first, "bad");
        Await.until("it is reported", () -> reloads.counters().get(ReloadCounter.FAILURES) == 1);
        assertThat(reloads.isAllTaken()).isFalse();
        replace(second, "23");
        Await.until("it is reported again", () -> reloads.counters().get(ReloadCounter.FAILURES) == 2);
        Files.delete(first);
        Await.until("it is missed", () -> reloads.counters().get(ReloadCounter.FAILURES) == 3);
        replace(first, "good");
        awaitRead("good 23");
        Await.until("nothing is left to be taken", reloads::isAllTaken);
        assertThat(reloads.counters().get(ReloadCounter.FAILURES)).isEqualTo(3);
    }

    @Test
    void shouldReadAtOnceWhenItIsTold() throws Exception {
        reloads.now();
        awaitRead("1 1");
    }

    private String read() throws ReloadException {
        try {
            final String both = Files.readString(first) + " " + Files.readString(second);
            if (both.contains("bad")) {
                throw new ReloadException("bad", null);
            }
            read.add(both);
            return both;
        } catch (final IOException e) {
            throw new ReloadException("unreadable", e);
        }
    }

    /** At once: a look at a file that is half written would be one more failure. */
    private void replace(final Path file, final String content) throws IOException {
        Files.move(
                Files.writeString(folder.resolve("new"), content),
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void awaitRead(final String content) throws Exception {
        Await.until(
                content + " is read",
                () -> !read.isEmpty() && read.get(read.size() - 1).equals(content));
    }
}
