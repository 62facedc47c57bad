package io.millrace.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://h:1/d, jdbc:postgresql://h:1/d, , ",
        "jdbc:postgresql://h/d?user=u&password=p%26w&ssl=true, jdbc:postgresql://h/d?ssl=true, u, p&w",
        "jdbc:postgresql://h/d?password=p+w, jdbc:postgresql://h/d, , p+w",
        "postgres://u:p@h/d, jdbc:postgresql://h/d, u, p",
        "postgresql://u:p%40x@h:5433/d?sslmode=require, jdbc:postgresql://h:5433/d?sslmode=require, u, p@x",
        "postgres://u:p@x@h/d, jdbc:postgresql://h/d, u, p@x",
        "postgres://u@h/d, jdbc:postgresql://h/d, u, ",
        "postgres://[::1]:5432/d, jdbc:postgresql://[::1]:5432/d, , ",
        "postgres:///d, jdbc:postgresql://localhost/d, , ",
        "postgres://h?user=u, jdbc:postgresql://h/, u, ",
        "'postgres://u:p@h1:1,h2:2/d', 'jdbc:postgresql://h1:1,h2:2/d', u, p",
    })
    void shouldReadBothForms(final String url, final String jdbcUrl, final String user, final String password) {
        final PostgresSettings settings = PostgresSettings.parse(url);
        assertThat(settings).isEqualTo(new PostgresSettings(jdbcUrl, user, password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h:5432/d",
                "jdbc:mysql://secret@h/d",
                "redis://secret@h",
                "postgres://u:%zzsecret@h/d",
                "postgres://u:secret@h:port/d",
                "postgres://u:sec/ret@h/d",
                "jdbc:postgresql://h:99999/d?password=secret"
            })
    void shouldRefuseAnythingElseWithoutRepeatingIt(final String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresSettings.parse(url))
                .withMessageContaining("not a PostgreSQL URL")
                .withMessageNotContaining("secret");
    }

    @Test
    void shouldNotTellThePassword() {
        final PostgresSettings settings = PostgresSettings.parse("postgres://u:secret@h/d?sslmode=require");
        assertThat(settings).hasToString("postgresql://h/d as u");
    }
}
