package io.millrace.storage.redis;

import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.millrace.pipeline.ship.EntryId;
import java.nio.charset.StandardCharsets;

/** The commands that are sent, argument by argument. Redis 6.2 knows them all. */
final class Commands {
    private static final ProtocolKeyword XSETID = new Keyword("XSETID");

    private Commands() {}

    private static CommandArgs<String, Block> args() {
        return new CommandArgs<>(BlockCodec.INSTANCE);
    }

    private static Command<String, Block, Object> tree(
            final ProtocolKeyword type, final CommandArgs<String, Block> args) {
        return new Command<>(type, new TreeOutput(), args);
    }

    static AsyncCommand<String, Block, Object> async(final Command<String, Block, Object> command) {
        return new AsyncCommand<>(command);
    }

    static Command<String, Block, Boolean> append(final String stream, final EntryId id, final Block block) {
        final CommandArgs<String, Block> args = args().addKey(stream)
                .add("NOMKSTREAM")
                .add(id.toString())
                .add(String.valueOf(RedisKeys.BLOCK_FIELD))
                .addValue(block);
        return new Command<>(CommandType.XADD, new AppendOutput(), args);
    }

    static Command<String, Block, EntriesOutput> read(
            final String stream,
            final long afterGeneration,
            final long afterSequence,
            final int maxEntries,
            final CommandOutput<String, Block, EntriesOutput> output) {
        final CommandArgs<String, Block> args = args().add("COUNT")
                .add(maxEntries)
                .add("STREAMS")
                .addKey(stream)
                .add(new EntryId(afterGeneration, afterSequence).toString());
        return new Command<>(CommandType.XREAD, output, args);
    }

    static Command<String, Block, Object> exists(final String key) {
        return tree(CommandType.EXISTS, args().addKey(key));
    }

    /**
     * The stream and its groups. FULL with COUNT 1 brings one entry along, where the plain form brings two and no groups;
     * there is no form without entries.
     */
    static Command<String, Block, Object> describe(final String stream) {
        return tree(
                CommandType.XINFO,
                args().add("STREAM").addKey(stream).add("FULL").add("COUNT").add(1));
    }

    static Command<String, Block, Object> groups(final String stream) {
        return tree(CommandType.XINFO, args().add("GROUPS").addKey(stream));
    }

    static Command<String, Block, Object> createGroup(final String stream) {
        return tree(
                CommandType.XGROUP,
                group("CREATE", stream, RedisKeys.GROUP, "0").add("MKSTREAM"));
    }

    /** The group of a stream that there is: it is not made. */
    static Command<String, Block, Object> createBookmark(final String stream, final EntryId watermark) {
        return tree(CommandType.XGROUP, group("CREATE", stream, RedisKeys.GROUP, watermark.toString()));
    }

    static Command<String, Block, Object> setBookmark(final String stream, final EntryId watermark) {
        return tree(CommandType.XGROUP, group("SETID", stream, RedisKeys.GROUP, watermark.toString()));
    }

    /** Refused if there is such a group: the first one stays. */
    static Command<String, Block, Object> createOwner(final String stream, final EntryId owner) {
        return tree(CommandType.XGROUP, group("CREATE", stream, RedisKeys.OWNER_GROUP, owner.toString()));
    }

    private static CommandArgs<String, Block> group(
            final String subcommand, final String stream, final String group, final String at) {
        return args().add(subcommand).addKey(stream).add(group).add(at);
    }

    /** Trims all entries up to and with {@code watermark}: MINID names the first that stays. */
    static Command<String, Block, Object> trim(final String stream, final EntryId watermark) {
        final long sequence = watermark.sequence() + 1;
        final long generation = sequence == 0 ? watermark.generation() + 1 : watermark.generation();
        return tree(
                CommandType.XTRIM,
                args().addKey(stream).add("MINID").add("=").add(new EntryId(generation, sequence).toString()));
    }

    static Command<String, Block, Object> reject(
            final String stream, final EntryId id, final String reason, final Block content, final int maxEntries) {
        return tree(
                CommandType.XADD,
                args().addKey(RedisKeys.REJECTED)
                        .add("MAXLEN")
                        .add("~")
                        .add(maxEntries)
                        .add("*")
                        .add("stream")
                        .add(stream)
                        .add("id")
                        .add(id.toString())
                        .add("reason")
                        .add(reason)
                        .add(String.valueOf(RedisKeys.BLOCK_FIELD))
                        .addValue(content));
    }

    static Command<String, Block, Object> delete(final String key) {
        return tree(CommandType.DEL, args().addKey(key));
    }

    static Command<String, Block, Object> enlist(final String stream) {
        return tree(CommandType.SADD, args().addKey(RedisKeys.STREAMS).addKey(stream));
    }

    static Command<String, Block, Object> delist(final String stream) {
        return tree(CommandType.SREM, args().addKey(RedisKeys.STREAMS).addKey(stream));
    }

    static Command<String, Block, Object> isListed(final String stream) {
        return tree(CommandType.SISMEMBER, args().addKey(RedisKeys.STREAMS).addKey(stream));
    }

    static Command<String, Block, Object> list() {
        return tree(CommandType.SMEMBERS, args().addKey(RedisKeys.STREAMS));
    }

    /** The settings {@code appendonly} and {@code appendfsync}; by a pattern, since one command takes one before Redis 7. */
    static Command<String, Block, Object> persistence() {
        return tree(CommandType.CONFIG, args().add("GET").add("append*"));
    }

    /** The number of replicas that have what this connection wrote, once they are enough or the time is over. */
    static Command<String, Block, Object> awaitReplicas(final int replicas, final long timeoutMillis) {
        return tree(CommandType.WAIT, args().add(replicas).add(timeoutMillis));
    }

    /** Sets the last-generated-id to what it is: a write that changes nothing, for replicas to confirm. */
    static Command<String, Block, Object> setLast(final String stream, final EntryId last) {
        return tree(XSETID, args().addKey(stream).add(last.toString()));
    }

    static Command<String, Block, Object> info() {
        return tree(CommandType.INFO, args());
    }

    static Command<String, Block, Object> memory() {
        return tree(CommandType.INFO, args().add("memory"));
    }

    static Command<String, Block, Object> role() {
        return tree(CommandType.ROLE, args());
    }

    /** The ranges of slots of a cluster, with their servers. */
    static Command<String, Block, Object> slots() {
        return tree(CommandType.CLUSTER, args().add("SLOTS"));
    }

    /** To a Sentinel: host and port of the master of that name, nil if it knows none. */
    static Command<String, Block, Object> masterAddress(final String name) {
        return tree(CommandType.SENTINEL, args().add("GET-MASTER-ADDR-BY-NAME").add(name));
    }

    /** A command that Lettuce does not know. */
    private record Keyword(String text) implements ProtocolKeyword {
        @Override
        public byte[] getBytes() {
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
