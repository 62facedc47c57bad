package io.millrace.server.ingest;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.journal.Journal;
import io.millrace.server.decode.EventDecoder;
import io.millrace.server.http.BodyBudget;
import io.millrace.server.http.HttpLimits;
import io.millrace.server.http.HttpLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.CachedNanoClock;

/** A real journal, and clocks that stand still until a test moves them. */
public final class ServerFixture implements AutoCloseable {
    public static final long NOW_MILLIS = 1_767_225_600_000L;

    public final CachedEpochClock epochClock = new CachedEpochClock();
    public final CachedNanoClock nanoClock = new CachedNanoClock();
    public final AtomicLong wakeUps = new AtomicLong();
    /** The levels whose agents were told to hurry. */
    public final List<AckLevel> awaited = new CopyOnWriteArrayList<>();

    public final Journal journal;
    public final BodyBudget budget;

    public ServerFixture(final Path folder, final int journalBytes) {
        this(folder, journalBytes, 64 << 20);
    }

    public ServerFixture(final Path folder, final int journalBytes, final long budgetBytes) {
        budget = new BodyBudget(budgetBytes);
        epochClock.update(NOW_MILLIS);
        try {
            journal = Journal.create(
                    folder.resolve(UUID.randomUUID() + ".journal"), journalBytes, "s", UUID.randomUUID(), 1);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public IngestJournal ingestJournal() {
        return new IngestJournal(journal.writer(), journal.progress(), wakeUps::incrementAndGet, awaited::add, () -> 7);
    }

    public static EventDecoder decoder() {
        return new EventDecoder(30L * 24 * 3_600_000, 60_000);
    }

    /** An event loop's state without an event loop. */
    public HttpLoop httpLoop(final HttpLimits limits) {
        return httpLoop(IngestSettings.of(limits));
    }

    public HttpLoop httpLoop(final IngestSettings settings) {
        return new IngestLoop(
                        ingestJournal(),
                        decoder(),
                        settings,
                        settings.limits().connections(),
                        budget,
                        epochClock,
                        nanoClock)
                .http();
    }

    @Override
    public void close() {
        journal.close();
    }
}
