package io.millrace.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The path and the parameters of a request's target. Immutable. */
final class Query {
    private static final int MAX_PARAMETERS = 32;

    private final String path;
    private final Map<String, List<String>> parameters;

    private Query(final String path, final Map<String, List<String>> parameters) {
        this.path = path;
        this.parameters = parameters;
    }

    /**
     * Takes a target in origin-form apart (RFC 9112, 3.2.1).
     *
     * @throws AdminException if it has another form, or is not well percent-encoded
     */
    static Query parse(final String target) throws AdminException {
        if (!target.startsWith("/")) {
            throw AdminException.badRequest("invalid_target", "the request target must begin with /");
        }
        try {
            final QueryStringDecoder decoder = new QueryStringDecoder(target, UTF_8, true, MAX_PARAMETERS, true);
            return new Query(decoder.path(), decoder.parameters());
        } catch (final IllegalArgumentException e) {
            throw AdminException.badRequest("invalid_target", "the request target is not well percent-encoded");
        }
    }

    String path() {
        return path;
    }

    /** Refuses parameters that nobody would look at: a misspelt one would change the answer silently. */
    void allowOnly(final Set<String> names) throws AdminException {
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
     * @throws AdminException if it is given more than once
     */
    Optional<String> get(final String name) throws AdminException {
        final List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw AdminException.badRequest("invalid_" + name, name + " is given more than once");
        }
        return values.isEmpty() || values.get(0).isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }
}
