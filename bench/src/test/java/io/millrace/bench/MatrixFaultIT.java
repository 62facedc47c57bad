package io.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of the fault matrix: each fault that is quick, under load, with few rounds. */
@Timeout(600)
class MatrixFaultIT {
    @Test
    void shouldLoseNothingAndDoubleNothing() {
        System.setProperty(
                "millrace.home", Path.of("..").toAbsolutePath().normalize().toString());
        final StringWriter table = new StringWriter();
        final int status = Bench.execute(
                new String[] {"faults", "--short"},
                new PrintWriter(table, true),
                new PrintWriter(System.err, true, UTF_8));
        assertThat(status).as("%s", table).isZero();
        assertThat(table.toString()).contains("F01/journal", "F08/reply", "F10").doesNotContain("RED");
    }
}
