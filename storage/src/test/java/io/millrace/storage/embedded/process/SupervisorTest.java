package io.millrace.storage.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.Signals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With shells as children. */
@Timeout(600)
final class SupervisorTest {
    private static final String SERVER = "echo ready; exec sleep 600";
    private static final String STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.1; done";
    private static final StopSequence STOP = stopSequence(Duration.ofMinutes(2));
    private static final StopSequence STOP_SOON = stopSequence(Duration.ofMillis(500));

    @TempDir
    Path folder;

    private Supervisor supervisor = new Supervisor("child", STOP);
    private final BlockingQueue<Integer> statuses = new ArrayBlockingQueue<>(10);
    private int launches;

    private static StopSequence stopSequence(final Duration patience) {
        return StopSequence.of(
                new StopSequence.Step("TERM", patience), new StopSequence.Step("KILL", Duration.ofMinutes(2)));
    }

    @AfterEach
    void stop() throws IOException {
        supervisor.close();
    }

    private ServerCommand command(final String script) {
        return new ServerCommand("child", List.of(), List.of("/bin/sh", "-c", script), "TERM", folder.resolve("log"));
    }

    private boolean start(final String script) throws IOException, InterruptedException {
        return supervisor.start(
                onExit -> {
                    launches++;
                    return ChildProcess.start(command(script), (pid, status) -> {
                        statuses.add(status);
                        onExit.onExit(pid, status);
                    });
                },
                this::awaitReady);
    }

    private boolean awaitReady(final ChildProcess child) throws IOException, InterruptedException {
        while (!child.awaitExit(Duration.ofMillis(5))) {
            if (new ServerLog(folder.resolve("log")).linesSince(0).contains("ready")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldStartAgainWhatDiedAlone() throws Exception {
        assertThat(start(SERVER)).isTrue();
        for (int i = 0; i < 2; i++) {
            final long pid = supervisor.pid();
            Signals.send("KILL", pid);
            Await.until("another one runs", () -> supervisor.pid() != pid && supervisor.isAlive());
            assertThat(statuses.poll(2, TimeUnit.MINUTES)).isEqualTo(128 + 9);
        }
    }

    @Test
    void shouldLeaveADeathBeforeItWasReadyToTheCaller() throws Exception {
        assertThat(start("exit 3")).isFalse();
        assertThat(supervisor.exitStatus()).isEqualTo(3);
        assertThat(statuses.poll(2, TimeUnit.MINUTES)).isEqualTo(3);
        assertThat(start(SERVER)).isTrue();
        assertThat(launches).isEqualTo(2);
    }

    @Test
    void shouldStartNothingOnceClosed() throws Exception {
        assertThat(start(SERVER)).isTrue();
        supervisor.close();
        assertThat(supervisor.isAlive()).isFalse();
        assertThat(statuses.poll(2, TimeUnit.MINUTES)).isEqualTo(128 + 15);
        supervisor.close();
        assertThat(launches).isEqualTo(1);
    }

    @Test
    void shouldNotStartAgainWhileItWaitsToAndIsClosed() throws Exception {
        assertThat(start(SERVER)).isTrue();
        Signals.send("KILL", supervisor.pid());
        supervisor.close();
        assertThat(supervisor.isAlive()).isFalse();
    }

    @Test
    void shouldKillWhatDoesNotEndOtherwise() throws Exception {
        supervisor = new Supervisor("child", STOP_SOON);
        assertThat(start(STUBBORN)).isTrue();
        supervisor.close();
        assertThat(supervisor.exitStatus()).isEqualTo(128 + 9);
    }

    @Test
    void shouldStopInOrderOnAnInterruptedThread() throws Exception {
        assertThat(start(SERVER)).isTrue();
        Thread.currentThread().interrupt();
        supervisor.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(supervisor.exitStatus()).isEqualTo(128 + 15);
    }

    @Test
    void shouldSayWhatCannotBeRun() {
        final Path missing = folder.resolve("missing").resolve("log");
        final ServerCommand command = new ServerCommand("child", List.of(), List.of("/bin/true"), "TERM", missing);
        assertThatThrownBy(() -> ChildProcess.start(command, (pid, status) -> statuses.add(status)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot run")
                .hasMessageContaining("/bin/true");
    }

    @Test
    void shouldFindAndEndOrphans() throws Exception {
        final Process orphan = new ProcessBuilder("/bin/sh", "-c", STUBBORN, "orphan of " + folder).start();
        assertThat(orphan.inputReader().readLine()).isEqualTo("ready");
        final Orphans orphans = new Orphans("child", folder, line -> line.contains("orphan of " + folder));
        assertThat(orphans.find()).containsExactly(orphan.pid());
        orphans.end(STOP_SOON);
        assertThat(orphans.find()).isEmpty();
        assertThat(orphan.waitFor()).isEqualTo(128 + 9);
    }
}
