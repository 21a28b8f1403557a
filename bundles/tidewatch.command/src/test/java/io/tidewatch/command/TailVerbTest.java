package io.tidewatch.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.command.CommandRun.Ended;
import io.tidewatch.store.sqlite.WrittenDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailVerbTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Metric USAGE =
            new Metric("cpu.usage_percent", Kind.GAUGE, Unit.PERCENT, "usage", List.of("core"));
    private static final Metric LOAD = new Metric("load.1m", Kind.GAUGE, Unit.NONE, "load", List.of());
    private static final Metric NAME = new Metric("system.kernel", Kind.TEXT, Unit.NONE, "kernel", List.of());

    @TempDir
    Path folder;

    private CommandRun command;

    @BeforeEach
    void makeDatabase() throws Exception {
        command = new CommandRun(folder)
                .at(CLOCK)
                .configure("tidewatch.health", Map.of("address", "127.0.0.1:" + StatusVerbTest.closedPort()));
        try (WrittenDatabase database = open()) {
            database.append(NOW.minusSeconds(20), USAGE.sample(12.5, "0"), USAGE.sample(50, "all"));
            database.append(NOW.minusSeconds(15), NAME.sample("6.1\033[31m \"x\""));
            database.append(NOW.minusSeconds(10), USAGE.sample(0.1, "0"), USAGE.sample(99, "all"));
            database.append(NOW.minusMillis(9_500), LOAD.sample(1.0e17));
        }
    }

    @Test
    void showsTheNewestLast() throws Exception {
        Ended ended = besideAnAgent("tail");

        assertThat(ended)
                .isEqualTo(new Ended(
                        0,
                        """
                        2026-06-01T11:59:40.000Z            12.5  cpu.usage_percent{core="0"}
                        2026-06-01T11:59:40.000Z              50  cpu.usage_percent{core="all"}
                        2026-06-01T11:59:45.000Z  "6.1 [31m "x""  system.kernel
                        2026-06-01T11:59:50.000Z             0.1  cpu.usage_percent{core="0"}
                        2026-06-01T11:59:50.000Z              99  cpu.usage_percent{core="all"}
                        2026-06-01T11:59:50.500Z          1.0E17  load.1m
                        """,
                        ""));
    }

    @Test
    void showsAsManyAsWanted() throws Exception {
        assertThat(besideAnAgent("tail", "-n", "1").out()).hasLineCount(1).contains("load.1m");
        assertThat(besideAnAgent("tail", "-n2").out()).hasLineCount(2);
        assertThat(besideAnAgent("tail", "-n", "1", "--metric", "cpu.usage_percent", "--tag", "core=0")
                        .out())
                .isEqualTo("2026-06-01T11:59:50.000Z             0.1  cpu.usage_percent{core=\"0\"}\n");
        assertThat(besideAnAgent("tail", "--metric", "none")).isEqualTo(new Ended(0, "", ""));
    }

    @Test
    void cutsLinesForATerminal() throws Exception {
        command.on(new Terminal(50, false));

        assertThat(besideAnAgent("tail").out().lines())
                .hasSize(6)
                .allMatch(line -> DisplayText.width(line) <= 50)
                .contains("2026-06-01T11:59:40.000Z            12.5  cpu.usa…");
    }

    @Test
    void saysThatTheAgentIsDown() throws Exception {
        Ended ended = command.run("tail", "-n", "1");

        assertThat(ended.out()).contains("load.1m");
        assertThat(ended.err()).contains("no agent answers", "stored before").hasLineCount(1);
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void followsWhatComes() throws Exception {
        Deque<Step> steps = new ArrayDeque<>();
        steps.add(database -> database.append(NOW, USAGE.sample(1, "0")));
        steps.add(database -> {
            // A pass that began earlier and was stored later.
            database.append(NOW.minusSeconds(5), LOAD.sample(2));
            database.append(NOW.minusSeconds(1), USAGE.sample(3, "all"));
        });
        steps.add(database -> {});
        steps.add(database -> database.append(NOW.plusSeconds(1), USAGE.sample(4, "0")));

        assertThat(follow(steps))
                .isEqualTo(
                        """
                        2026-06-01T11:59:50.500Z          1.0E17  load.1m
                        2026-06-01T12:00:00.000Z               1  cpu.usage_percent{core="0"}
                        2026-06-01T11:59:55.000Z               2  load.1m
                        2026-06-01T11:59:59.000Z               3  cpu.usage_percent{core="all"}
                        2026-06-01T12:00:01.000Z               4  cpu.usage_percent{core="0"}
                        """);
    }

    @Test
    void followsAClockThatIsSetBack() throws Exception {
        Instant before = NOW.minus(Duration.ofDays(1));
        Deque<Step> steps = new ArrayDeque<>();
        steps.add(database -> now = before);
        steps.add(database -> database.append(before.plusSeconds(10), LOAD.sample(7)));

        assertThat(follow(steps)).endsWith("2026-05-31T12:00:10.000Z               7  load.1m\n");
    }

    @Test
    void endsWhenThereIsNoDatabase() throws Exception {
        Files.delete(folder.resolve("state/metrics.db"));

        Ended ended = besideAnAgent("tail");

        assertThat(ended.err())
                .contains(
                        "There is no database",
                        folder.resolve("state/metrics.db").toString());
        assertThat(ended.exitCode()).isEqualTo(66);
    }

    @Test
    void readsTheDatabaseThatIsConfiguredOrNamed() throws Exception {
        Files.move(folder.resolve("state/metrics.db"), folder.resolve("state/other.db"));
        command.configure("tidewatch.store.sqlite", Map.of("path", "other.db"));

        assertThat(besideAnAgent("tail").out()).hasLineCount(6);
        String file = folder.resolve("state/other.db").toString();
        assertThat(command.run("tail", "-n", "2", "--database", file).out()).hasLineCount(2);
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        for (String[] wrong : new String[][] {
            {"tail", "-n"},
            {"tail", "-n", "0"},
            {"tail", "-n", "x"},
            {"tail", "-nx"},
            {"tail", "--tag", "core"},
            {"tail", "--dance"}
        }) {
            Ended ended = command.run(wrong);
            assertThat(ended.exitCode()).as(ended.err()).isEqualTo(64);
        }
    }

    /** Something that the agent does between two looks. */
    private interface Step {
        void on(WrittenDatabase database) throws Exception;
    }

    private Instant now = NOW;

    private String follow(Deque<Step> steps) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InstantSource source = () -> now;
        Clock moving = source.withZone(ZoneOffset.UTC);
        try (WrittenDatabase database = new WrittenDatabase(folder.resolve("state/metrics.db"), moving)) {
            TailVerb tail = new TailVerb(() -> {
                Step step = steps.poll();
                if (step != null) {
                    try {
                        step.on(database);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }
                return step != null;
            });
            PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
            tail.run(
                    List.of("-f", "-n", "1"),
                    new Surroundings(command.folders(), Terminal.NONE, moving, "1.2.3", print, print));
        }
        String text = out.toString(StandardCharsets.UTF_8);
        return text.substring(text.indexOf('\n') + 1);
    }

    private WrittenDatabase open() throws Exception {
        return new WrittenDatabase(folder.resolve("state/metrics.db"), CLOCK);
    }

    private Ended besideAnAgent(String... arguments) throws IOException, InterruptedException {
        try (HealthPage up = HealthPage.ok()) {
            command.configure("tidewatch.health", Map.of("address", up.address()));
            return command.run(arguments);
        }
    }
}
