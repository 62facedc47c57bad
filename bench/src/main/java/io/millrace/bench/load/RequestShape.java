package io.millrace.bench.load;

import java.util.Optional;

/**
 * What the requests of a load are.
 *
 * @param form how events are written into them
 * @param batch events in each; 1 if the form takes no more
 * @param ack the level that each asks for; empty: the server's default
 */
public record RequestShape(Form form, int batch, Optional<AckLevel> ack) {
    public RequestShape {
        if (batch < 1 || (batch > 1 && !form.batch())) {
            throw new IllegalArgumentException(form + " takes no batch of " + batch);
        }
    }

    /** Requests of one event, or of {@code batch} where the form takes several. */
    public static RequestShape of(final Form form, final int batch) {
        return new RequestShape(form, batch, Optional.empty());
    }
}
