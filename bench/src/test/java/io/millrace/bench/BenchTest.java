package io.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.millrace.bench.http.BareNettyServer;
import io.millrace.bench.load.RudeServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line, from arguments to what is printed and written. */
@Timeout(600)
class BenchTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int execute(final String... arguments) {
        return Bench.execute(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rate=fast            | --rate=fast: must be a number such as 1.0, 0 to 10000000",
                "--rate=10000001        | --rate=10000001: must be 0 to 10000000",
                "--connections=0        | --connections=0: must be 1 to 20000",
                "--connections=many     | --connections=many: must be a whole number, 1 to 20000",
                "--duration=5           | --duration=5: not a time; write it with its unit as 50us, 100ms, 10s, 5m or 1h",
                "--duration=1ms         | --duration=1ms: must be 100ms to 24h",
                "--spin=11ms            | --spin=11ms: must be 0s to 10ms",
                "--form=xml             | --form=xml: must be one of pixel, json, array, ndjson, get",
                "--ack=soon             | --ack=soon: must be one of journal, disk, stream, stored",
                "--zipf=11              | --zipf=11: must be 0 to 10",
                "--user-prefix=a b      | --user-prefix=a b: must be 1 to 64 letters, digits, dots, hyphens or underscores",
                "--plot=curve.gif       | --plot=curve.gif: must be a path that ends in .svg or .png",
                "--url=https://h        | --url=https://h: must be http://host[:port][/path]; without a path, that of the form"
                        + " is taken",
                "--url=http://h:99999   | --url=http://h:99999: no port: 99999",
                "--batch=5              | --batch=5: --form=pixel has one event in a request: give --form=array or"
                        + " --form=ndjson, or no --batch",
                "--hgrm=/no/such/file   | --hgrm=/no/such/file: /no/such is no folder that this user may write in: make it, or"
                        + " give another path",
                "--url=http://127.0.0.1:1 | --url=http://127.0.0.1:1: no server there (Connection refused): start it, by"
                        + " './millrace run' for instance, or give its address",
                "--conections=3         | unknown option: '--conections=3', did you mean --connections? --help lists what"
                        + " there is"
            })
    void shouldRefuseAWrongOptionInOneLine(final String argument, final String expected) {
        assertThat(execute("load", argument)).isEqualTo(Bench.REFUSED);
        assertThat(err).hasToString("millrace: " + expected + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldRefuseTwoEnds() {
        assertThat(execute("load", "--requests=5", "--duration=5s")).isEqualTo(Bench.REFUSED);
        assertThat(err)
                .hasToString("millrace: --requests=5: and --duration=5s cannot both say when to end: give one of them"
                        + System.lineSeparator());
    }

    @Test
    void shouldListWhatThereIs() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString()).contains("load", "bare", "jmh");
    }

    @Test
    void shouldRefuseAnUnknownName() {
        assertThat(execute("lod")).isEqualTo(Bench.REFUSED);
        assertThat(err.toString()).startsWith("millrace: ").contains("load").hasLineCount(1);
    }

    @Test
    void shouldPrintATableAndWriteFiles() throws Exception {
        final Path json = folder.resolve("result.json");
        final Path hgrm = folder.resolve("result.hgrm");
        final Path svg = folder.resolve("result.svg");
        final Path png = folder.resolve("result.png");
        final List<String> options = new ArrayList<>(List.of("load", "--requests=3000", "--connections=4"));
        try (BareNettyServer server = BareNettyServer.start(ANY_PORT, 1)) {
            options.add("--url=http://127.0.0.1:" + server.address().getPort());
            final List<String> all = new ArrayList<>(options);
            all.addAll(List.of(
                    "--form=ndjson", "--batch=10", "--event-ids", "--json=" + json, "--hgrm=" + hgrm, "--plot=" + svg));
            assertThat(execute(all.toArray(String[]::new))).as(err.toString()).isZero();
            options.add("--plot=" + png);
            assertThat(execute(options.toArray(String[]::new))).isZero();
        }

        assertThat(out.toString())
                .contains("3,000 × 200", "30,000 sent, 30,000 accepted, 0 refused, 0 unanswered", "p99.9", "generator");
        final Map<String, String> values = read(json);
        assertThat(values)
                .containsEntry("/measured/events_accepted", "30000")
                .containsEntry("/statuses/200", "3000")
                .containsEntry("/plan/form", "ndjson")
                .containsEntry("/plan/event_ids", "true")
                .containsEntry("/latency_nanos/count", "3000");
        assertThat(Files.readString(hgrm)).contains("#[Mean    =", "Total count    =         3000]");
        assertThat(Files.readString(svg)).contains("<svg").contains("</svg>");
        assertThat(Files.readAllBytes(png)).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void shouldSayByItsStatusThatNotAllWasAccepted() throws Exception {
        final String reply = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        try (RudeServer server = RudeServer.start(connection -> connection.answerOnce(reply))) {
            final String url = "--url=http://127.0.0.1:" + server.address().getPort();

            assertThat(execute("load", "--requests=10", "--connections=2", url)).isEqualTo(1);
        }
        assertThat(out.toString()).contains("10 × 503", "10 sent, 0 accepted, 10 refused, 0 unanswered");
    }

    private static Map<String, String> read(final Path file) throws Exception {
        final Map<String, String> values = new TreeMap<>();
        try (JsonParser parser = new JsonFactory().createParser(Files.readString(file, UTF_8))) {
            while (parser.nextToken() != null) {
                if (parser.currentToken().isScalarValue()) {
                    values.put(parser.getParsingContext().pathAsPointer().toString(), parser.getText());
                }
            }
        }
        return values;
    }
}
