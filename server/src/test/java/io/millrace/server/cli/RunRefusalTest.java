package io.millrace.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code run} refuses, on one line that names the option, its value and the remedy. */
class RunRefusalTest {
    @TempDir
    Path folder;

    private final Shell shell = new Shell();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen=8080 | host:port",
                "--listen=127.0.0.1:65536 | 0 (any free one) to 65535",
                "--listen=no-such-host.invalid:1 | not known here",
                "--role=both | must be all, ingest, aggregate",
                "--transport=EPOLL | must be auto, epoll, io_uring, nio",
                "--gpc=off | must be drop, anonymize, ignore",
                "--event-loops=0 | must be 1 to 256",
                "--event-loops=two | whole number, 1 to 256",
                "--max-connections=99999999999 | 1 to 1000000",
                "--window=7s | must divide a day",
                "--window=2h | must be 1s to 1h",
                "--window=10 | with its unit",
                "--flush=50ms | must be 100ms to 1m",
                "--flush=-1s | not a time",
                "--dedup-window=999ms | must be 1s to 7d, or 0 to switch it off",
                "--dedup-window=169h | must be 1s to 7d, or 0 to switch it off",
                "--dedup-window=10 | with its unit",
                "--dedup-window=off | or 0 to switch it off",
                "--journal-size=48MiB | a power of two, 64KiB to 1GiB",
                "--journal-size=99999999GiB | a power of two, 64KiB to 1GiB",
                "--journal-size=64MB | not a size",
                "--max-request-line=1KiB | 8000B to 64KiB",
                "--max-body=1GiB | 1KiB to 64MiB",
                "--node=a/b | letters, digits",
                "--redis-wait-replicas=-1 | must be 0 to 16",
                "--retention=23h | must be 1d to 36500d",
                "--retention=0 | with its unit",
                "--keep=8d | must be 0s to 7d",
                "--keep=200h | must be 0s to 7d",
                "--header-timeout=0s | 100ms to 1h",
                "--body-memory=1KiB | 1MiB to 16GiB",
                "--cors-origin=https://Shop.example | in lower case",
                "--cors-origin=https://shop.example/ | scheme://host[:port]",
                "--cors-origin=shop.example | scheme://host[:port]",
                "--cors-origin=https://a.*.example | scheme://host[:port]",
                "--cors-origin=https://*example | scheme://host[:port]",
                "--cors-origin=https://shop.example, | separated by commas",
                "--cors-origin=https://shop.example:443 | write https://shop.example",
                "--cors-origin=*,https://shop.example | leave it out",
            })
    void shouldNameTheOptionItsValueAndItsBounds(final String option, final String bounds) {
        assertThat(shell.execute("run", option)).isEqualTo(2);
        shell.assertError().startsWith("millrace: " + option + ": ").contains(bounds);
        assertThat(shell.config()).isNull();
    }

    @Test
    void shouldNameTheVariableOrTheFileThatAWrongValueCameFrom() throws IOException {
        shell.environment().put("MILLRACE_MAX_BODY", "much");
        assertThat(shell.execute("run")).isEqualTo(2);
        shell.assertError().startsWith("millrace: MILLRACE_MAX_BODY=much: not a size");

        shell.environment().clear();
        final Path file = Shell.write(folder, "max-body=much\n");
        assertThat(shell.execute("run", "--config=" + file)).isEqualTo(2);
        shell.assertError().startsWith("millrace: max-body in " + file + "=much: not a size");
    }

    @Test
    void shouldRefuseAnUnknownKeyInTheFile() throws IOException {
        final Path file = Shell.write(folder, "flsh=1s\n");
        assertThat(shell.execute("run", "--config=" + file)).isEqualTo(2);
        shell.assertError().contains("unknown key 'flsh' in " + file + ", did you mean 'flush'?");
    }

    @Test
    void shouldRefuseAFileThatIsNotThereOrIsNone() throws IOException {
        assertThat(shell.execute("run", "--config=" + folder.resolve("none"))).isEqualTo(2);
        shell.assertError().contains("there is no such file");
        assertThat(shell.execute("run", "--config=" + folder)).isEqualTo(2);
        shell.assertError().contains("cannot be read");
        assertThat(shell.execute("run", "--config=" + Shell.write(folder, "flush=\\u00zz")))
                .isEqualTo(2);
        shell.assertError().contains("not a properties file");
    }

    @Test
    void shouldSuggestWhatAnUnknownOptionMayMean() {
        assertThat(shell.execute("run", "--lisen=127.0.0.1:1")).isEqualTo(2);
        shell.assertError()
                .startsWith("millrace: unknown option: '--lisen=127.0.0.1:1'")
                .contains("--listen", "millrace run --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--flush", "--flush=1s --flush=2s", "surplus"})
    void shouldRefuseACommandLineThatMakesNoSense(final String arguments) {
        assertThat(shell.execute(("run " + arguments).split(" ", -1))).isEqualTo(2);
        shell.assertError().startsWith("millrace: ").contains("millrace run --help");
    }

    @Test
    void shouldRefuseAJournalTooSmallForTheLargestBody() {
        assertThat(shell.execute("run", "--journal-size=8MiB")).isEqualTo(2);
        shell.assertError()
                .startsWith("millrace: --journal-size=8MiB: too small for --max-body=1MiB")
                .contains("give --journal-size=16MiB or more, or a smaller --max-body");
        assertThat(shell.execute("run", "--journal-size=16MiB")).isZero();
        assertThat(shell.execute("run", "--max-body=64MiB")).isEqualTo(2);
        shell.assertError().contains("--journal-size=1GiB or more");
    }

    @Test
    void shouldRefuseADemoThatNobodyWouldTakeIn() {
        assertThat(shell.execute("run", "--demo", "--role=aggregate", "--redis=redis://127.0.0.1"))
                .isEqualTo(2);
        shell.assertError().startsWith("millrace: --demo=true: --role=aggregate takes no events in: ");
        assertThat(shell.execute("run", "--demo", "--write-key=k")).isEqualTo(2);
        shell.assertError().startsWith("millrace: --demo=true: simulated events carry no key: ");
    }

    @Test
    void shouldRefuseTwoServicesOnOnePort() {
        assertThat(shell.execute("run", "--admin=127.0.0.1:8080")).isEqualTo(2);
        shell.assertError().contains("--admin=127.0.0.1:8080: the same as --listen=127.0.0.1:8080");
        assertThat(shell.execute("run", "--admin=127.0.0.1:0", "--listen=127.0.0.1:0"))
                .isZero();
    }

    @Test
    void shouldSayOnOneLineWhyAStartWasRefused() {
        assertThat(shell.execute(
                        given -> {
                            throw new StartupException("the port is taken:\ngive another --listen");
                        },
                        "run"))
                .isEqualTo(2);
        shell.assertError().isEqualTo("millrace: the port is taken: give another --listen\n");
    }
}
