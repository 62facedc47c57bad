package io.millrace.server.admin.profile;

/** No profile can be taken; the message says why. */
public final class ProfilerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean supported;

    private ProfilerException(final String message, final boolean supported, final Throwable cause) {
        super(message, cause);
        this.supported = supported;
    }

    /** This system will never do it. */
    static ProfilerException unsupported() {
        return new ProfilerException(
                "async-profiler does not run on this system: it needs Linux on x64 or arm64, or macOS", false, null);
    }

    /** It cannot be done as things are. */
    static ProfilerException unavailable(final String message, final Throwable cause) {
        return new ProfilerException(message, true, cause);
    }

    /** Whether another start, or another moment, may do better. */
    boolean isSupported() {
        return supported;
    }
}
