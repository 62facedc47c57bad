package io.millrace.server.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyFormatTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|JSON",
                "*/*|JSON",
                "text/csv|CSV",
                "TEXT/CSV|CSV",
                "text/*|CSV",
                "application/json, text/csv|JSON",
                "application/json;q=0.5, text/csv|CSV",
                "text/csv;q=0.8, */*;q=0.1|CSV",
                "text/csv;q=0, */*|JSON",
                "text/*;q=0.9, text/csv;q=0.1, application/json;q=0.5|JSON",
                "text/html, application/xhtml+xml, */*;q=0.8|JSON",
                "text/csv;header=present;q=0.9, application/json;q=0.8|CSV",
                "image/png|JSON",
                ";;,,q=|JSON"
            })
    void shouldTakeWhatTheSenderLikesBest(final String accept, final ReplyFormat format) throws Exception {
        assertThat(ReplyFormat.of(query("/api/top", accept))).isEqualTo(format);
    }

    @Test
    void shouldPutTheParameterBeforeTheField() throws Exception {
        assertThat(ReplyFormat.of(query("/api/top?format=csv", "application/json")))
                .isEqualTo(ReplyFormat.CSV);
        assertThat(ReplyFormat.of(query("/api/top?format=json", "text/csv"))).isEqualTo(ReplyFormat.JSON);
        assertThatThrownBy(() -> ReplyFormat.of(query("/api/top?format=xml", "text/csv")))
                .isInstanceOf(AdminException.class);
    }

    @Test
    void shouldQuoteAsRfc4180Says() {
        assertThat(new Csv("a", "b")
                        .row("plain", 1)
                        .row("x,y", "say \"hi\"")
                        .row("two\r\nlines", null)
                        .toString())
                .isEqualTo("a,b\r\nplain,1\r\n\"x,y\",\"say \"\"hi\"\"\"\r\n\"two\r\nlines\",\r\n");
    }

    @Test
    void shouldEncodeTheTargetOfTheNextPage() throws Exception {
        assertThat(query("/api/users?action=a%26b&after=x&limit=2", "").with("after", "\u00e4 +"))
                .isEqualTo("/api/users?action=a%26b&limit=2&after=%C3%A4%20%2B");
        assertThat(query("/api/user/a%2Fb", "").with("after", "x")).isEqualTo("/api/user/a%2Fb?after=x");
    }

    private static Query query(final String target, final String accept) throws AdminException {
        final HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
        request.headers().set(HttpHeaderNames.ACCEPT, accept);
        return Query.parse(request);
    }
}
