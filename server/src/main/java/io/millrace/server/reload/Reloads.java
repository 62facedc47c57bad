package io.millrace.server.reload;

import io.millrace.pipeline.Counters;
import io.millrace.pipeline.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files again when they have changed, and all of them when it is told to.
 *
 * <ol>
 *   <li>It looks at them every now and then: what tells of changes by itself does not hear of all of them, on network file
 *       systems and behind links.
 *   <li>A change is taken when two looks in a row see the same: a certificate and its key are two files, and writing takes
 *       time.
 *   <li>What cannot be used is reported once, and what held before holds on, until the files change again.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class Reloads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);
    private static final long LOOK_MILLIS = 2_000;

    private final List<Watched> watched = new ArrayList<>();
    private final long lookMillis;
    private final Counters<ReloadCounter> counters = new Counters<>(ReloadCounter.class);
    private final Semaphore told = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "reload");

    /** Takes the files as they are now for what is in use. */
    public Reloads(final List<Reloadable> reloadables) {
        this(reloadables, LOOK_MILLIS);
    }

    Reloads(final List<Reloadable> reloadables, final long lookMillis) {
        this.lookMillis = lookMillis;
        reloadables.forEach(reloadable -> watched.add(new Watched(reloadable)));
    }

    /** Begins to look. */
    public void start() {
        thread.start();
    }

    /** Reads all files at once. Any thread. */
    public void now() {
        told.release();
    }

    /** Whether all files are in use as they were read last. Any thread. */
    public boolean isAllTaken() {
        return watched.stream().noneMatch(files -> files.failed);
    }

    public Counters<ReloadCounter> counters() {
        return counters;
    }

    private void run() {
        try {
            while (true) {
                if (told.tryAcquire(lookMillis, TimeUnit.MILLISECONDS)) {
                    told.drainPermits();
                    for (final Watched files : watched) {
                        reload(files, FileStamp.of(files.reloadable.files()));
                    }
                } else {
                    look();
                }
            }
        } catch (final InterruptedException e) {
            LOG.debug("no more reloads", e);
        }
    }

    private void look() throws InterruptedException {
        for (final Watched files : watched) {
            final FileStamp seen = FileStamp.of(files.reloadable.files());
            if (!seen.equals(files.used) && seen.equals(files.lastSeen)) {
                reload(files, seen);
            }
            files.lastSeen = seen;
        }
    }

    private void reload(final Watched files, final FileStamp stamp) throws InterruptedException {
        files.used = stamp;
        final String what = files.reloadable.what();
        try {
            LOG.info("{} read again: {}", what, files.reloadable.reload().run());
            files.failed = false;
            counters.increment(ReloadCounter.RELOADS);
        } catch (final ReloadException e) {
            files.fail(counters);
            LOG.error("{} cannot be used, the former ones hold on: {}", what, e.getMessage());
        } catch (final RuntimeException e) {
            // A mistake of ours: said loudly, and not the end of it.
            files.fail(counters);
            LOG.error("{} could not be read again, the former ones hold on", what, e);
        }
    }

    @Override
    public void close() {
        Threads.end(thread);
    }

    /** What is known of some files. */
    private static final class Watched {
        private final Reloadable reloadable;
        private FileStamp used;
        private FileStamp lastSeen;
        private volatile boolean failed;

        Watched(final Reloadable reloadable) {
            this.reloadable = reloadable;
            used = FileStamp.of(reloadable.files());
            lastSeen = used;
        }

        private void fail(final Counters<ReloadCounter> counters) {
            failed = true;
            counters.increment(ReloadCounter.FAILURES);
        }
    }
}
