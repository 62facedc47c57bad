package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A parser that knows the fields of its connection's earlier requests says the same as one that knows nothing. */
class RequestParserTest {
    private static final int ROUNDS = 100_000;
    private static final String[] LINES = {
        "GET /pixel.gif?u=1&a=b&e=c HTTP/1.1\r\n",
        "GET /p HTTP/1.0\r\n",
        "HEAD /longer/path?q HTTP/1.1\r\n",
        "POST /events HTTP/1.1\r\n",
        "OPTIONS * HTTP/1.2\r\n",
        "\r\nGET /x HTTP/1.1\r\n",
        "PUT http://a/b?c HTTP/1.1\r\n",
    };
    private static final String[] FIELDS = {
        "Host: a\r\n",
        "Host: a\r\n",
        "Host: a@b\r\n",
        "Connection: keep-alive\r\n",
        "Connection: close\r\n",
        "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n",
        "Expect: x\r\n",
        "Content-Type: application/json\r\n",
        "Content-Type: text/html\r\n",
        "Content-Encoding: gzip\r\n",
        "Origin: https://a.example\r\n",
        "X-Write-Key: secret\r\n",
        "X-Write-Key: other!\r\n",
        "Authorization: Basic QQ==\r\n",
        "X-B3: \u00e4\t\r\n",
        "Accept: */*\r\n",
    };

    private final Random random = new Random(7);

    @Test
    void shouldSayTheSameOfFieldsThatItKnows() throws ReflectiveOperationException {
        final RequestParser parser = new RequestParser(HttpLimits.DEFAULTS);
        String fields = fields();
        for (int round = 0; round < ROUNDS; round++) {
            if (random.nextInt(4) == 0) {
                fields = random.nextBoolean() ? fields() : mutated(fields);
            }
            final byte[] head = (LINES[random.nextInt(LINES.length)] + fields).getBytes(ISO_8859_1);
            final int start = random.nextInt(9);
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[start + head.length + random.nextInt(3)]);
            buffer.putBytes(start, head);
            final RequestParser fresh = new RequestParser(HttpLimits.DEFAULTS);
            final RequestParser.Outcome expected = fresh.parse(buffer, start, start + head.length);
            RequestParser.Outcome outcome = RequestParser.Outcome.INCOMPLETE;
            if (random.nextInt(8) == 0) {
                // Cut anywhere: of what is known there is only a part at first.
                outcome = parser.parse(buffer, start, start + random.nextInt(head.length));
            }
            if (outcome == RequestParser.Outcome.INCOMPLETE) {
                outcome = parser.parse(buffer, start, start + head.length);
            }
            final String text = new String(head, ISO_8859_1);
            assertThat(outcome).as(text).isEqualTo(expected);
            if (outcome == RequestParser.Outcome.REFUSED) {
                assertThat(parser.refusal()).as(text).isEqualTo(fresh.refusal());
            } else {
                assertThat(facts(parser.head())).as(text).isEqualTo(facts(fresh.head()));
            }
            parser.reset();
            assertThat(facts(parser.head())).isEqualTo(facts(new RequestParser(HttpLimits.DEFAULTS).head()));
        }
    }

    @Test
    void shouldKnowTheSameAfterEachByteHoweverTheyCame() {
        for (int round = 0; round < ROUNDS / 100; round++) {
            final byte[] head =
                    mutated(LINES[random.nextInt(LINES.length)] + fields()).getBytes(ISO_8859_1);
            final UnsafeBuffer buffer = new UnsafeBuffer(head);
            final RequestParser parser = new RequestParser(HttpLimits.DEFAULTS);
            for (int end = 0; end <= head.length; end++) {
                final RequestParser.Outcome outcome = parser.parse(buffer, 0, end);
                final RequestParser fresh = new RequestParser(HttpLimits.DEFAULTS);
                assertThat(outcome)
                        .as("%d bytes of %s", end, new String(head, ISO_8859_1))
                        .isEqualTo(fresh.parse(buffer, 0, end));
                if (outcome != RequestParser.Outcome.INCOMPLETE) {
                    assertThat(parser.refusal()).isEqualTo(fresh.refusal());
                    break;
                }
            }
        }
    }

    @Test
    void shouldAllocateNothing() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final RequestParser parser = new RequestParser(HttpLimits.DEFAULTS);
        final UnsafeBuffer[] heads = new UnsafeBuffer[64];
        for (int i = 0; i < heads.length; i++) {
            final String text = "GET /p?u=" + i + " HTTP/1.1\r\nHost: a.example:8080\r\nReferer: " + "x".repeat(i)
                    + "\r\nConnection: keep-alive\r\n\r\n";
            heads[i] = new UnsafeBuffer(text.getBytes(ISO_8859_1));
        }
        final long threadId = Thread.currentThread().getId();
        parse(parser, heads);
        threads.getThreadAllocatedBytes(threadId);
        final long before = threads.getThreadAllocatedBytes(threadId);
        parse(parser, heads);
        assertThat(threads.getThreadAllocatedBytes(threadId) - before)
                // One object per head would be at least this much; the bean's own reading may cost a few bytes.
                .isLessThan(ROUNDS);
    }

    private static void parse(final RequestParser parser, final UnsafeBuffer[] heads) {
        for (int i = 0; i < ROUNDS; i++) {
            // Each one several times, so that it is learned, and then another.
            final UnsafeBuffer head = heads[(i >> 3) & (heads.length - 1)];
            parser.reset();
            if (parser.parse(head, 0, head.capacity()) != RequestParser.Outcome.COMPLETE) {
                throw new AssertionError("not taken");
            }
        }
    }

    private String fields() {
        final StringBuilder fields = new StringBuilder(random.nextInt(8) == 0 ? "" : FIELDS[0]);
        for (int i = random.nextInt(5); i > 0; i--) {
            fields.append(FIELDS[random.nextInt(FIELDS.length)]);
        }
        return fields.append("\r\n").toString();
    }

    private String mutated(final String fields) {
        final char[] chars = fields.toCharArray();
        chars[random.nextInt(chars.length)] = (char) random.nextInt(256);
        return new String(chars);
    }

    /** Everything that a head says, but for offsets of what is not there. */
    private static Map<String, Object> facts(final RequestHead head) throws ReflectiveOperationException {
        final Map<String, Object> facts = new TreeMap<>();
        for (final Field field : RequestHead.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                facts.put(field.getName(), field.get(head));
            }
        }
        for (final String text : new String[] {"path", "query", "origin", "writeKey", "authorization"}) {
            if ((int) facts.get(text + "Length") <= 0) {
                facts.remove(text + "Offset");
            }
        }
        return facts;
    }
}
