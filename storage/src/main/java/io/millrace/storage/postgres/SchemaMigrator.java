package io.millrace.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings the schema to the version of this program: runs the SQL resources that the table
 * {@code millrace_schema_versions} does not list yet, in order and in one transaction. An advisory lock keeps two servers
 * that start together apart. A script that was applied must not change afterwards; its checksum tells.
 *
 * <p>Stateless. Why not a library: {@code docs/decisions/0005-schema-migrations.md}.
 */
final class SchemaMigrator {
    /** The scripts, the first is version 1. */
    private static final List<String> SCRIPTS =
            List.of("V001__windows.sql", "V002__event_ids.sql", "V003__user_times.sql");

    private SchemaMigrator() {}

    /** Applies what is missing. The connection is in auto-commit mode before and after. */
    static void migrate(final Connection connection) throws SQLException {
        if (missing(connection).isEmpty()) {
            return;
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(AdvisoryLocks.LOCK_SCHEMA);
            statement.execute("CREATE TABLE IF NOT EXISTS millrace_schema_versions (version int PRIMARY KEY,"
                    + " script text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
            for (final String script : missing(connection)) {
                apply(connection, script);
            }
            connection.commit();
        } finally {
            // After a failure this ends the transaction without effect; the connection may be gone as well.
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static List<String> missing(final Connection connection) throws SQLException {
        final Map<Integer, String> applied = applied(connection);
        for (final Map.Entry<Integer, String> version : applied.entrySet()) {
            if (version.getKey() > SCRIPTS.size()) {
                throw new StartupException("the database's schema has version " + version.getKey()
                        + ", this program knows versions up to " + SCRIPTS.size()
                        + ": start the newer program, or use another database");
            }
            final String script = SCRIPTS.get(version.getKey() - 1);
            if (!version.getValue().equals(sha256(read(script)))) {
                throw new StartupException("the database's schema version " + version.getKey()
                        + " was made by another script than " + script
                        + " of this program: start the program that made it, or use another database");
            }
        }
        return SCRIPTS.subList(applied.size(), SCRIPTS.size());
    }

    private static Map<Integer, String> applied(final Connection connection) throws SQLException {
        final Map<Integer, String> applied = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet table = statement.executeQuery("SELECT to_regclass('millrace_schema_versions') IS NULL")) {
                table.next();
                if (table.getBoolean(1)) {
                    return applied;
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT version, sha256 FROM millrace_schema_versions")) {
                while (rows.next()) {
                    applied.put(rows.getInt(1), rows.getString(2));
                }
            }
        }
        return applied;
    }

    private static void apply(final Connection connection, final String script) throws SQLException {
        final String sql = read(script);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO millrace_schema_versions (version, script, sha256) VALUES (?, ?, ?)")) {
            insert.setInt(1, SCRIPTS.indexOf(script) + 1);
            insert.setString(2, script);
            insert.setString(3, sha256(sql));
            insert.executeUpdate();
        }
    }

    private static String read(final String script) {
        try (InputStream resource = SchemaMigrator.class.getResourceAsStream(script)) {
            if (resource == null) {
                throw new IllegalStateException("the program is incomplete: " + script + " is missing");
            }
            return new String(resource.readAllBytes(), UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read " + script, e);
        }
    }

    private static String sha256(final String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
