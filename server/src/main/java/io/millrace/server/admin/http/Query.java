package io.millrace.server.admin.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a GET asks for: the path, the parameters and the fields of the request. Immutable. */
public final class Query {
    private static final int MAX_PARAMETERS = 32;

    private final QueryStringDecoder target;
    private final String path;
    private final Map<String, List<String>> parameters;
    private final HttpHeaders fields;

    private Query(final QueryStringDecoder target, final HttpHeaders fields) {
        this.target = target;
        path = target.path();
        parameters = target.parameters();
        this.fields = fields;
    }

    /**
     * Takes a request with a target in origin-form apart (RFC 9112, 3.2.1).
     *
     * @throws AdminException if it has another form, or is not well percent-encoded
     */
    public static Query parse(final HttpRequest request) throws AdminException {
        if (!request.uri().startsWith("/")) {
            throw AdminException.badRequest("invalid_target", "the request target must begin with /");
        }
        try {
            final QueryStringDecoder decoder = new QueryStringDecoder(request.uri(), UTF_8, true, MAX_PARAMETERS, true);
            return new Query(decoder, request.headers());
        } catch (final IllegalArgumentException e) {
            throw AdminException.badRequest("invalid_target", "the request target is not well percent-encoded");
        }
    }

    /** The path, decoded. */
    public String path() {
        return path;
    }

    /** The target of the same request with another value of one parameter. */
    public String with(final String name, final String value) {
        final QueryStringEncoder other = new QueryStringEncoder(target.rawPath(), UTF_8);
        parameters.forEach((each, values) -> {
            if (!each.equals(name)) {
                values.forEach(given -> other.addParam(each, given));
            }
        });
        other.addParam(name, value);
        return other.toString();
    }

    /** All lines of a field as one (RFC 9110, 5.3); empty if there is none. */
    public String field(final CharSequence name) {
        return String.join(",", fields.getAll(name));
    }

    /** Refuses parameters that nobody would look at: a misspelt one would change the answer silently. */
    public void allowOnly(final Set<String> names) throws AdminException {
        for (final String name : parameters.keySet()) {
            if (!names.contains(name)) {
                throw AdminException.badRequest(
                        "unknown_parameter",
                        "there is no parameter " + name + " here; "
                                + (names.isEmpty()
                                        ? "there is none"
                                        : "there are " + String.join(", ", new TreeSet<>(names))));
            }
        }
    }

    /**
     * The value of a parameter; none if it is empty, as in {@code ?from=&to=}.
     *
     * @throws AdminException if it is given more than once, or is no text that an event can hold
     */
    public Optional<String> get(final String name) throws AdminException {
        final List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw AdminException.badRequest(
                    "invalid_" + name, name + " is given " + values.size() + " times: give it once");
        }
        if (values.isEmpty() || values.get(0).isEmpty()) {
            return Optional.empty();
        }
        checkText(name, values.get(0));
        return Optional.of(values.get(0));
    }

    /**
     * Checks that PostgreSQL can compare with a text.
     *
     * @throws AdminException if it cannot
     */
    public static void checkText(final String name, final String text) throws AdminException {
        if (text.indexOf(0) >= 0) {
            throw AdminException.badRequest("invalid_" + name, name + " has U+0000 in it, which no event has");
        }
    }
}
