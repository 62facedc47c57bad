package io.millrace.server.admin;

import io.millrace.server.admin.http.Json;
import java.util.TreeMap;

/** The JSON of {@code GET /ledger}. Without PostgreSQL there is nothing to balance, and what it would tell is null. */
final class LedgerJson {
    private LedgerJson() {}

    static Json write(final LedgerSnapshot ledger) {
        final boolean known = isKnown(ledger);
        final Json json = new Json().beginObject();
        writeTotals(json, ledger);
        json.name("rejected").beginObject();
        new TreeMap<>(ledger.rejected())
                .forEach((code, count) -> json.name(code).value(count));
        json.endObject().name("streams").beginArray();
        ledger.streams().forEach(stream -> writeStream(json, stream, known));
        return json.endArray().endObject();
    }

    private static boolean isKnown(final LedgerSnapshot ledger) {
        return ledger.balance() != LedgerSnapshot.Balance.UNKNOWN;
    }

    /** Writes the members that stand for all streams together, up to the rejected events. */
    static void writeTotals(final Json json, final LedgerSnapshot ledger) {
        final boolean known = isKnown(ledger);
        json.name("balanced");
        if (known) {
            json.value(ledger.balance() == LedgerSnapshot.Balance.BALANCED);
        } else {
            json.value(null);
        }
        json.name("accepted").value(ledger.accepted());
        json.name("streamed").value(ledger.streamed());
        json.name("stored").value(ledger.stored());
        json.name("inFlight").value(ledger.inFlight());
        writeIf(known, json, "counted", ledger.counted());
        writeIf(known, json, "duplicates", ledger.duplicates());
        writeIf(known, json, "poisoned", ledger.poisoned());
        writeIf(known, json, "lost", ledger.lost());
        writeIf(known, json, "expired", ledger.expired());
        writeIf(known, json, "difference", ledger.difference());
        json.name("unbalancedStreams").beginArray();
        ledger.unbalancedStreams().forEach(stream -> json.value(stream.stream()));
        json.endArray().name("unbalancedDays").beginObject();
        new TreeMap<>(ledger.unbalancedDays())
                .forEach((day, difference) -> json.name(day.toString()).value(difference));
        json.endObject();
    }

    private static void writeStream(final Json json, final StreamLedger stream, final boolean known) {
        json.beginObject();
        json.name("stream").value(stream.stream());
        json.name("local").value(stream.local());
        json.name("accepted").value(stream.accepted());
        json.name("streamed").value(stream.streamed());
        json.name("stored").value(stream.stored());
        json.name("inFlight").value(stream.inFlight());
        writeIf(known, json, "counted", stream.counted());
        writeIf(known, json, "duplicates", stream.duplicates());
        writeIf(known, json, "poisoned", stream.poisoned());
        writeIf(known, json, "lost", stream.lost());
        writeIf(known, json, "difference", stream.difference());
        json.name("updatedAt")
                .value(stream.updatedAt() == null ? null : stream.updatedAt().toString());
        json.endObject();
    }

    private static void writeIf(final boolean known, final Json json, final String name, final long value) {
        json.name(name);
        if (known) {
            json.value(value);
        } else {
            json.value(null);
        }
    }
}
