package io.millrace.server.replay;

import io.millrace.server.config.ReplayConfig;
import io.millrace.server.replay.LineCheck.Verdict;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/**
 * Sends the lines of a file to an ingest port, in their order, and says which were refused and why.
 *
 * <p>Exit status: 0 if every line was taken, 1 if one was not or the replay stopped before the end.
 *
 * <p>Belongs to the main thread.
 */
public final class Replay {
    private static final int FAILED = 1;

    private final ReplayConfig config;
    private final PrintWriter messages;
    private final IngestClient client;
    private final LineCheck check = new LineCheck();
    private final Batch batch;
    private long accepted;
    private long refused;

    private Replay(final ReplayConfig config, final PrintWriter messages) {
        this.config = config;
        this.messages = messages;
        client = new IngestClient(config);
        batch = new Batch(config.batchLines());
    }

    /**
     * Replays a file.
     *
     * @param messages takes a line for each line that was refused, and a last one with the sums
     * @return the exit status
     */
    public static int run(final ReplayConfig config, final PrintWriter messages) throws InterruptedException {
        return new Replay(config, messages).run();
    }

    private int run() throws InterruptedException {
        boolean finished = false;
        try (LineSource lines = new LineSource(open())) {
            sendAll(lines);
            finished = true;
        } catch (final ReplayException e) {
            messages.println("millrace: " + e.getMessage());
        } catch (final IOException e) {
            messages.println("millrace: the lines cannot be read any further: " + e);
        }
        messages.println("millrace: " + accepted + " lines taken, " + refused + " refused"
                + (finished ? "" : ", the rest not sent"));
        return finished && refused == 0 ? 0 : FAILED;
    }

    private InputStream open() throws IOException {
        final Path file = config.file().orElse(null);
        return file == null ? System.in : new FileInputStream(file.toFile());
    }

    private void sendAll(final LineSource lines) throws IOException, ReplayException, InterruptedException {
        for (byte[] text = lines.next(); text != null; text = lines.next()) {
            if (lines.number() > config.skipLines()) {
                take(text, lines);
            }
            if (lines.mustWait()) {
                flush();
            }
        }
        flush();
    }

    private void take(final byte[] text, final LineSource lines) throws ReplayException, InterruptedException {
        if (lines.isTooLong()) {
            refuse(lines.number(), "longer than " + LineSource.MAX_LINE_BYTES + " bytes");
            return;
        }
        final Verdict verdict = check.look(text, System.currentTimeMillis());
        if (verdict == Verdict.FAULTY) {
            refuse(lines.number(), check.fault().code() + ": " + check.fault().message());
        } else if (verdict != Verdict.BLANK) {
            if (batch.isFullFor(text)) {
                flush();
            }
            batch.add(lines.number(), text, verdict == Verdict.IDENTIFIED);
        }
    }

    private void flush() throws ReplayException, InterruptedException {
        if (!batch.isEmpty()) {
            send(batch);
            batch.clear();
        }
    }

    private void send(final Batch some) throws ReplayException, InterruptedException {
        final HttpResponse<byte[]> answer = client.send(some);
        switch (answer.statusCode()) {
            case IngestClient.ACCEPTED, IngestClient.BAD_REQUEST -> account(some, answer);
            case IngestClient.TOO_LARGE -> {
                if (some.size() == 1) {
                    refuse(some.firstNumber(), "longer than the server takes (413)");
                } else {
                    for (final Batch half : some.halves()) {
                        send(half);
                    }
                }
            }
            case IngestClient.UNAUTHORIZED -> throw stopped(some, "it wants another --write-key (401)");
            default -> throw stopped(some, "it answers " + answer.statusCode());
        }
    }

    private void account(final Batch some, final HttpResponse<byte[]> response) throws ReplayException {
        final Answer answer;
        try {
            answer = Answer.parse(response.body());
        } catch (final IOException e) {
            throw stopped(some, "it answers " + response.statusCode() + " with something else than Millrace does");
        }
        accepted += answer.accepted();
        for (final Answer.Fault fault : answer.faults()) {
            refuse(some.number(fault.index()), fault.code());
        }
        final long unnamed = answer.rejected() - answer.faults().size();
        if (unnamed > 0) {
            refused += unnamed;
            messages.println("millrace: lines " + some.firstNumber() + " to " + some.lastNumber() + ": " + unnamed
                    + " more were refused, which the server does not name; --batch=10 makes it name all");
        }
    }

    private void refuse(final long number, final String reason) {
        refused++;
        messages.println("millrace: line " + number + ": " + reason);
    }

    private ReplayException stopped(final Batch some, final String why) {
        return new ReplayException(config.target() + ": " + why + ": stopped before line " + some.firstNumber()
                + ", go on by --skip=" + (some.firstNumber() - 1));
    }
}
