package io.millrace.pipeline.ship;

/**
 * What a stream holds, as asked after every new connection, error or nil reply.
 *
 * @param lastGenerated the stream's last-generated-id; {@link EntryId#ZERO} if it was just made
 * @param bookmark the last-delivered-id of the group {@code millrace}: everything up to it is in PostgreSQL
 * @param durable whether a confirmed append survives a crash of Redis ({@code appendonly yes}, {@code appendfsync
 *     always})
 */
public record StreamState(EntryId lastGenerated, EntryId bookmark, boolean durable) {}
