package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
final class DirectoryLockTest {
    @TempDir
    Path folder;

    @Test
    void shouldRefuseASecondOwnerInThisProcess() throws Exception {
        try (DirectoryLock lock = DirectoryLock.take(folder)) {
            assertThatThrownBy(() -> DirectoryLock.take(folder))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(folder.toRealPath().toString())
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining("--data-dir")
                    .hasMessageNotContaining("\n");
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void shouldSeeTheSameFolderBehindALink() throws Exception {
        final Path real = Files.createDirectory(folder.resolve("real"));
        final Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        try (DirectoryLock lock = DirectoryLock.take(real)) {
            assertThatThrownBy(() -> DirectoryLock.take(link)).isInstanceOf(StartupException.class);
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void shouldGiveTheFolderBack() throws Exception {
        final DirectoryLock first = DirectoryLock.take(folder);
        first.close();
        try (DirectoryLock second = DirectoryLock.take(folder)) {
            first.close();
            assertThatThrownBy(() -> DirectoryLock.take(folder)).isInstanceOf(StartupException.class);
            assertThat(second).isNotNull();
        }
    }

    @Test
    void shouldTellOfAFolderThatIsMissing() {
        assertThatThrownBy(() -> DirectoryLock.take(folder.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    /** By fcntl(2) a refusal that opened and closed the file would give the lock away. */
    @Test
    void shouldKeepOthersOutAfterARefusalInThisProcess() throws Exception {
        try (DirectoryLock lock = DirectoryLock.take(folder)) {
            assertThatThrownBy(() -> DirectoryLock.take(folder)).isInstanceOf(StartupException.class);
            final Process other = startOther();
            assertThat(other.inputReader(StandardCharsets.UTF_8).readLine())
                    .contains("another process, pid " + ProcessHandle.current().pid());
            assertThat(other.waitFor()).isZero();
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void shouldTakeTheFolderOfAnOwnerThatWasKilled() throws Exception {
        final Process other = startOther();
        assertThat(other.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("taken");
        assertThatThrownBy(() -> DirectoryLock.take(folder))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("another process, pid " + other.pid());
        other.destroyForcibly().waitFor();
        DirectoryLock.take(folder).close();
    }

    private Process startOther() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DirectoryLockTest.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The program of the other JVM: takes the folder and keeps it until its input ends, or says why it cannot. */
    public static void main(final String[] arguments) throws Exception {
        try (DirectoryLock lock = DirectoryLock.take(Path.of(arguments[0]))) {
            System.out.println("taken");
            assertThat(lock).isNotNull();
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (final StartupException e) {
            System.out.println(e.getMessage());
        }
    }
}
