package io.millrace.pipeline;

/** What is done to threads of any role. */
public final class Threads {
    private Threads() {}

    /**
     * Interrupts a thread and waits for its end. A caller that is interrupted meanwhile stays so, and waits no longer; a thread that
     * was never started has ended.
     */
    public static void end(final Thread thread) {
        thread.interrupt();
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
