package io.millrace.server.replay;

import com.dslplatform.json.DslJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the server says of a batch.
 *
 * @param accepted how many of its events were taken
 * @param rejected how many were not
 * @param faults the first of these
 */
record Answer(long accepted, long rejected, List<Fault> faults) {
    private static final DslJson<Object> JSON = new DslJson<>(new DslJson.Settings<>());

    /**
     * An event that was not taken.
     *
     * @param index its place in the batch
     */
    record Fault(int index, String code) {}

    /**
     * Reads the body of an answer to a batch.
     *
     * @throws IOException if it is none
     */
    static Answer parse(final byte[] body) throws IOException {
        final Map<?, ?> answer = JSON.deserialize(Map.class, body, body.length);
        if (answer == null
                || !(answer.get("accepted") instanceof Number accepted)
                || !(answer.get("rejected") instanceof Number rejected)
                || !(answer.get("errors") instanceof List<?> errors)) {
            throw new IOException("no answer to a batch");
        }
        final List<Fault> faults = new ArrayList<>();
        for (final Object error : errors) {
            if (error instanceof Map<?, ?> fault && fault.get("index") instanceof Number index) {
                faults.add(new Fault(index.intValue(), String.valueOf(fault.get("code"))));
            }
        }
        return new Answer(accepted.longValue(), rejected.longValue(), faults);
    }
}
