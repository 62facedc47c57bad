package io.millrace.pipeline.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All journals of a node: one to write for each event loop, and those of earlier lives that are still to be drained.
 *
 * <p>A journal is written on only if it is whole and was made under this boot of the machine: after a power loss its tail
 * may be older than what was shipped, and its sequences would then be given out twice. If any of the loops' journals is
 * missing, of another size, damaged, or from another boot, all of them begin anew under a new name of the node; the old
 * ones keep theirs until the window store has their last event.
 *
 * <p>Not thread-safe: used by the thread that wires the server.
 */
public final class Journals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journals.class);
    private static final String SUFFIX = ".journal";

    private final List<Journal> live;
    private final List<Journal> retired;

    private Journals(final List<Journal> live, final List<Journal> retired) {
        this.live = List.copyOf(live);
        this.retired = List.copyOf(retired);
    }

    /**
     * Opens the journals in a folder, and makes those that are missing.
     *
     * @param directory where their files are; made if missing
     * @param nodeFile where the node's name is kept
     * @param chosenNode the operator's name for the node, or null
     * @param loops how many journals are to be written
     * @param capacityBytes of each ring, a power of two
     * @param bootId of this boot of the machine
     * @param generation the time part of the first entry IDs of a new journal
     * @throws IOException if a file cannot be read or made, for want of room among others
     */
    public static Journals open(
            final Path directory,
            final Path nodeFile,
            final String chosenNode,
            final int loops,
            final int capacityBytes,
            final UUID bootId,
            final long generation)
            throws IOException {
        Files.createDirectories(directory);
        DurableNames.force(directory);
        final List<Journal> existing = new ArrayList<>();
        final List<Journal> live = new ArrayList<>();
        try {
            openExisting(directory, bootId, existing);
            final NodeId nodeId = new NodeId(nodeFile, chosenNode);
            final Optional<String> current = nodeId.current();
            if (current.isPresent()) {
                for (int loop = 0; loop < loops; loop++) {
                    final String stream = stream(current.get(), loop);
                    existing.stream()
                            .filter(journal -> journal.stream().equals(stream))
                            .filter(journal -> canGoOn(journal, capacityBytes, bootId))
                            .forEach(live::add);
                }
            }
            if (live.size() < loops) {
                live.clear();
                final String node = nodeId.renew();
                for (int loop = 0; loop < loops; loop++) {
                    live.add(Journal.create(
                            directory.resolve(node + '-' + loop + SUFFIX),
                            capacityBytes,
                            stream(node, loop),
                            bootId,
                            generation));
                }
            }
            existing.removeAll(live);
            return new Journals(live, existing);
        } catch (final IOException e) {
            live.removeAll(existing);
            CloseHelper.closeAll(existing);
            CloseHelper.closeAll(live);
            throw e;
        }
    }

    /** The stream of a node's loop. Its hash tag puts the stream on one slot of a Redis Cluster. */
    public static String stream(final String node, final int loop) {
        return "millrace:events:{" + node + '-' + loop + '}';
    }

    /** One journal for each event loop, in the loops' order. */
    public List<Journal> live() {
        return live;
    }

    /** Journals that are drained and then removed. */
    public List<Journal> retired() {
        return retired;
    }

    /** Live and retired. */
    public List<Journal> all() {
        return Stream.concat(live.stream(), retired.stream()).toList();
    }

    /** Closes all of them. No thread may use them any more. */
    @Override
    public void close() {
        CloseHelper.closeAll(all());
    }

    private static void openExisting(final Path directory, final UUID bootId, final List<Journal> journals)
            throws IOException {
        for (final Path file : files(directory, SUFFIX + JournalFile.UNFINISHED_SUFFIX)) {
            Files.delete(file);
        }
        for (final Path file : files(directory, SUFFIX)) {
            try {
                final Journal journal = Journal.open(file, bootId);
                journals.add(journal);
                tell(journal, bootId);
            } catch (final UnreadableJournalException e) {
                LOG.error("journal {} cannot be read: {}; it is kept as {}", file, e.getMessage(), setAside(file));
            }
        }
    }

    private static void tell(final Journal journal, final UUID bootId) {
        if (journal.bootId().equals(bootId)) {
            if (!journal.intact()) {
                LOG.error(
                        "journal {}: damaged in {} places; the other {} events are drained, what is missing"
                                + " will be counted lost{}",
                        journal.path(),
                        journal.damages(),
                        journal.recoveredEvents(),
                        journal.describeCopy());
            }
        } else if (journal.recoveredEvents() > 0) {
            LOG.info(
                    "journal {}: found {} events that the disk has of an earlier boot; between these some are missing in {}"
                            + " places, which Redis has or will be counted lost",
                    journal.path(),
                    journal.recoveredEvents(),
                    journal.damages());
        }
    }

    private static List<Path> files(final Path directory, final String suffix) throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static boolean canGoOn(final Journal journal, final int capacityBytes, final UUID bootId) {
        final boolean sameSize = journal.reader().capacityBytes() == capacityBytes;
        final boolean sameBoot = journal.bootId().equals(bootId);
        if (!sameSize || !sameBoot) {
            LOG.info(
                    "journal {} is {}: it is drained under its old name, and a new one begun",
                    journal.path(),
                    sameSize ? "of an earlier boot of this machine" : "of another size");
        }
        return journal.intact() && sameSize && sameBoot;
    }

    private static Path setAside(final Path file) throws IOException {
        return Files.move(file, JournalFile.unusedName(file, "unreadable"));
    }
}
