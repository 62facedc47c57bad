package io.millrace.server.config;

import io.millrace.storage.redis.RedisUri;

/** Where Redis is. What can be used is known by the package that uses it. */
record RedisUriFormat() implements Format<ConnectionUri> {
    @Override
    public ConnectionUri parse(final String text) {
        RedisUri.parse(text);
        return new ConnectionUri(text);
    }

    @Override
    public String label() {
        return "URI";
    }

    @Override
    public String bounds() {
        return RedisUri.FORMS;
    }
}
