package io.millrace.storage.postgres.query;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Has PostgreSQL explain the very statements that the queries send, with their values, before they are answered. Not
 * thread-safe.
 */
final class Explainer {
    private static final String EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) ";

    private final Connection connection;
    private final List<String> lines = new ArrayList<>();

    /** Explains what is sent over a connection. */
    Explainer(final Connection connection) {
        this.connection = connection;
    }

    /** To be given to a query. */
    Connection connection() {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (!method.getName().equals("prepareStatement")) {
                return invoke(connection, method, arguments);
            }
            final String sql = (String) arguments[0];
            return statement(connection.prepareStatement(sql), connection.prepareStatement(EXPLAIN + sql));
        });
    }

    /** The plan of the last query, as it was carried out. */
    QueryPlan plan() {
        return new QueryPlan(lines);
    }

    private PreparedStatement statement(final PreparedStatement statement, final PreparedStatement explaining) {
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "setObject", "close" -> invoke(explaining, method, arguments);
                case "executeQuery" -> read(explaining);
                default -> throw new UnsupportedOperationException(method.toString());
            }
            return invoke(statement, method, arguments);
        });
    }

    private void read(final PreparedStatement explaining) throws SQLException {
        lines.clear();
        try (ResultSet rows = explaining.executeQuery()) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
    }

    private static <T> T proxy(final Class<T> type, final InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(final Object target, final Method method, final Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (final InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
