package io.millrace.storage.redis;

import java.util.HashMap;
import java.util.Map;

/** The reply of {@code INFO}: lines of {@code name:value}, in sections headed by {@code # name}. */
final class RedisInfo {
    private final Map<String, String> values = new HashMap<>();

    RedisInfo(final String text) {
        for (final String line : text.split("\r?\n", -1)) {
            final int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                values.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
    }

    /** A value, or an empty string if the server does not tell it. */
    String get(final String name) {
        return values.getOrDefault(name, "");
    }

    boolean isLoading() {
        return get("loading").equals("1");
    }

    /** Whether the version is at least this one; a version that is no version is not. */
    boolean isAtLeast(final int major, final int minor) {
        final String[] parts = get("redis_version").split("\\.", -1);
        if (parts.length < 2 || !parts[0].matches("\\d{1,4}") || !parts[1].matches("\\d{1,4}")) {
            return false;
        }
        final int foundMajor = Integer.parseInt(parts[0]);
        return foundMajor > major || (foundMajor == major && Integer.parseInt(parts[1]) >= minor);
    }
}
