package io.tidewatch.store.sqlite.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements that are run once, on a connection of any kind. */
public final class Sql {
    /** Takes the rows of a result, one by one. */
    public interface Rows {
        void take(ResultSet row) throws SQLException;
    }

    private Sql() {}

    public static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Runs a query and hands over each row of its result. */
    public static void each(Connection connection, String query, Rows rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            each(statement.executeQuery(query), rows);
        }
    }

    /** Hands over each row of a result, and closes it. */
    public static void each(ResultSet result, Rows rows) throws SQLException {
        try (result) {
            while (result.next()) {
                rows.take(result);
            }
        }
    }

    /** Runs a query for one number; 0 if it finds none. */
    public static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    /** Runs a query for one text; empty if it finds none. */
    public static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next() ? String.valueOf(result.getString(1)) : "";
        }
    }
}
