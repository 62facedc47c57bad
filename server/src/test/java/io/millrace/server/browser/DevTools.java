package io.millrace.server.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dslplatform.json.DslJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A connection to a browser: commands, their results, and events. Thread-safe; listeners are called on the connection's own
 * thread and must not wait.
 */
final class DevTools implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 120;

    private final DslJson<Object> json = new DslJson<>();
    private final Map<Long, CompletableFuture<Map<String, Object>>> pending = new ConcurrentHashMap<>();
    private final List<Consumer<Message>> listeners = new CopyOnWriteArrayList<>();
    private final WebSocket socket;
    private long lastId;

    DevTools(final URI address) throws IOException {
        socket = await(
                "a connection to " + address,
                HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new Receiver()));
    }

    /**
     * Sends a command and waits for its result.
     *
     * @param session of a page, or null for the browser itself
     * @throws IOException if the browser refuses it, does not answer in time, or has gone
     */
    Map<String, Object> call(final String session, final String method, final Map<String, ?> parameters)
            throws IOException {
        return await(method, send(session, method, parameters));
    }

    /** Tells every event that is to come. */
    void listen(final Consumer<Message> listener) {
        listeners.add(listener);
    }

    private synchronized CompletableFuture<Map<String, Object>> send(
            final String session, final String method, final Map<String, ?> parameters) throws IOException {
        final long id = ++lastId;
        final Map<String, Object> command = new LinkedHashMap<>();
        command.put("id", id);
        command.put("method", method);
        command.put("params", parameters);
        if (session != null) {
            command.put("sessionId", session);
        }
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        json.serialize(command, text);
        final CompletableFuture<Map<String, Object>> result = new CompletableFuture<>();
        pending.put(id, result);
        // One text at a time: the client takes no second one before the first has left.
        await(method, socket.sendText(text.toString(UTF_8), true));
        return result;
    }

    private static <T> T await(final String what, final CompletableFuture<T> future) throws IOException {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + what, e);
        } catch (final ExecutionException | TimeoutException e) {
            throw new IOException("the browser did not do it: " + what, e);
        }
    }

    private void receive(final String text) throws IOException {
        final byte[] bytes = text.getBytes(UTF_8);
        final Map<String, Object> message = object(json.deserialize(Map.class, bytes, bytes.length));
        if (message.get("id") instanceof Number id) {
            final CompletableFuture<Map<String, Object>> result = pending.remove(id.longValue());
            if (message.containsKey("error")) {
                result.completeExceptionally(
                        new IOException(message.get("error").toString()));
            } else {
                result.complete(object(message.get("result")));
            }
            return;
        }
        final Message event = new Message(
                (String) message.get("sessionId"), (String) message.get("method"), object(message.get("params")));
        listeners.forEach(listener -> listener.accept(event));
    }

    /** An object of JSON, which has names for keys. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(final Object value) {
        return (Map<String, Object>) value;
    }

    @Override
    public void close() {
        socket.abort();
    }

    /** An event; {@code session} is null if it comes from no page. */
    record Message(String session, String method, Map<String, Object> parameters) {}

    private final class Receiver implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(final WebSocket from, final CharSequence part, final boolean last) {
            text.append(part);
            if (last) {
                final String whole = text.toString();
                text.setLength(0);
                try {
                    receive(whole);
                } catch (final IOException e) {
                    onError(from, e);
                }
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket from, final int status, final String reason) {
            onError(from, new IOException("the browser closed the connection: " + status + ' ' + reason));
            return null;
        }

        @Override
        public void onError(final WebSocket from, final Throwable error) {
            pending.values().forEach(result -> result.completeExceptionally(error));
        }
    }
}
