package io.tidewatch.store.sqlite;

import io.tidewatch.store.sqlite.db.Connections;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;

/** Another process that reads a database, as a forgotten shell does: BEGIN, a query, and nothing more until it is closed. */
final class Reader implements AutoCloseable {
    private final Process process;

    private Reader(Process process) {
        this.process = process;
    }

    /** Starts one; it reads when this returns. */
    static Reader start(Path database) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Reader.class.getName(),
                        database.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() != 'r') {
            throw new IOException("The reader does not read");
        }
        return new Reader(process);
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }

    /** The process. */
    public static void main(String[] arguments) throws Exception {
        try (Connection connection = Connections.open(Path.of(arguments[0]), true);
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            try (ResultSet row = statement.executeQuery("SELECT count(*) FROM pass")) {
                row.next();
                System.out.print("r");
                System.out.flush();
                while (System.in.read() >= 0) {
                    // Until the other side closes it.
                }
            }
        }
    }
}
