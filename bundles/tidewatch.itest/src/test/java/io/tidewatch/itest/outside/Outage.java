package io.tidewatch.itest.outside;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.sqlite.JDBC;

/** Samples that could not be delivered: of so many series every ten seconds, up to an hour ago. */
final class Outage {
    private static final long INTERVAL_MS = 10_000;

    /** Of the outage that is made unless another one is asked for: two million samples of more than a day. */
    static final int SERIES = 200;

    private static final int INSTANTS = 10_000;

    /** How many samples there are. */
    static final int SAMPLES = SERIES * INSTANTS;

    private Outage() {}

    /**
     * Leaves an agent as it is after an outage that it has not outlived: it has run, was killed, and has all of this to
     * deliver.
     *
     * @param agent one that delivers nowhere yet: what lies before a delivery without being pending counts as delivered
     */
    static void befall(AgentProcess agent, String device) throws Exception {
        befall(agent, device, SERIES, INSTANTS);
    }

    /**
     * The same of another size.
     *
     * @param instants at how many times each series has a sample
     */
    static void befall(AgentProcess agent, String device, int series, int instants) throws Exception {
        agent.start();
        agent.await(
                "a first sample",
                () -> agent.component("collector.load")
                                .path("details")
                                .path("collected_total")
                                .asLong()
                        > 0);
        agent.kill();
        write(agent.database(), device, series, instants);
    }

    /**
     * Writes them into a database, as the agent would have.
     *
     * @param device the device of the agent
     */
    private static void write(Path database, String device, int count, int instants) throws Exception {
        long end = Instant.now().minus(Duration.ofHours(1)).toEpochMilli() / INTERVAL_MS * INTERVAL_MS;
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + database, new Properties())) {
            connection.setAutoCommit(false);
            try (PreparedStatement series = connection.prepareStatement(
                    "INSERT INTO series(name, device_id, tags, value_type, kind, unit, priority,"
                            + " key) VALUES ('bench.value', ?, ?, 0, 'GAUGE', 'NONE', 2, ?)")) {
                for (int i = 0; i < count; i++) {
                    String tags = "{\"n\":\"" + i + "\"}";
                    series.setString(1, device);
                    series.setString(2, tags);
                    series.setBytes(
                            3,
                            MessageDigest.getInstance("SHA-256")
                                    .digest(("{\"name\":\"bench.value\",\"device_id\":\"" + device + "\",\"tags\":"
                                                    + tags + ",\"value_type\":0}")
                                            .getBytes(StandardCharsets.UTF_8)));
                    series.executeUpdate();
                }
            }
            try (Statement statement = connection.createStatement()) {
                String ids = "(SELECT id FROM series WHERE name = 'bench.value' ORDER BY id)";
                statement.executeUpdate("INSERT INTO layout(series) SELECT json_group_array(id) FROM " + ids);
                statement.executeUpdate("WITH RECURSIVE instant(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM instant"
                        + " WHERE i < " + (instants - 1) + ")"
                        + " INSERT INTO pass(seq, time_ms, session, layout, priority, numbers, texts, samples)"
                        + " SELECT (SELECT max(seq) FROM pass) + 1 + i, " + (end - INTERVAL_MS * instants)
                        + " + 10000 * i, 1, (SELECT max(id) FROM layout), 2, " + count + ", 0,"
                        + " (SELECT json_group_array(1000 * (id % 7) + (i * id) % 100) FROM " + ids + ") FROM instant");
            }
            connection.commit();
        }
    }
}
