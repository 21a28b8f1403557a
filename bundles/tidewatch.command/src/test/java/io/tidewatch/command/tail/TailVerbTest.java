package io.tidewatch.command.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.command.CommandRun;
import io.tidewatch.command.CommandRun.Ended;
import io.tidewatch.command.HealthPage;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.console.DisplayText;
import io.tidewatch.command.console.Terminal;
import io.tidewatch.store.sqlite.WrittenDatabase;
import io.tidewatch.testing.server.FreePort;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                .configure("tidewatch.health", Map.of("address", "127.0.0.1:" + FreePort.next()));
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
                        2026-06-01 UTC
                        11:59:40.0            12.5  cpu.usage_percent{core="0"}
                        11:59:40.0              50  cpu.usage_percent{core="all"}
                        11:59:45.0  "6.1 [31m "x""  system.kernel
                        11:59:50.0             0.1  cpu.usage_percent{core="0"}
                        11:59:50.0              99  cpu.usage_percent{core="all"}
                        11:59:50.5          1.0E17  load.1m
                        """,
                        ""));
    }

    @Test
    void showsAsManyAsWanted() throws Exception {
        assertThat(besideAnAgent("tail", "-n", "1").out()).hasLineCount(2).contains("load.1m");
        assertThat(besideAnAgent("tail", "-n2").out()).hasLineCount(3);
        assertThat(besideAnAgent("tail", "-n", "1", "--metric", "cpu.usage_percent", "--tag", "core=0")
                        .out())
                .isEqualTo("2026-06-01 UTC\n11:59:50.0             0.1  cpu.usage_percent{core=\"0\"}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "cpu.usage_percent, 4",
        "cpu_usage_percent, 4",
        "cpu.*, 4",
        "*_percent, 4",
        "load.?m, 1",
        "load_1m, 1",
        "*, 6"
    })
    void takesNamesAsStoredAndAsInPromQl(String metric, int lines) throws Exception {
        assertThat(besideAnAgent("tail", "--json", "--metric", metric).out()).hasLineCount(lines);
        assertThat(besideAnAgent("tail", metric, "--json").out()).hasLineCount(lines);
    }

    @ParameterizedTest
    @CsvSource({"cpu.usage, cpu.usage_percent", "cpu_usag*x, cpu_usage_percent", "laod.1m, load.1m", "load_, load_1m"})
    void namesTheMetricThatWasMeant(String metric, String meant) throws Exception {
        Ended ended = besideAnAgent("tail", "--metric", metric);

        assertThat(ended.err()).isEqualTo("tidewatch: no metric '" + metric + "', did you mean '" + meant + "'?\n");
        assertThat(ended.exitCode()).isEqualTo(66);
    }

    @Test
    void knowsNothingLikeIt() throws Exception {
        assertThat(besideAnAgent("tail", "--metric", "srt.rtt").err()).contains("no metric 'srt.rtt'; ");
    }

    @Test
    void leavesOutWhatAllShare() throws Exception {
        Metric rate = new Metric("net.rate", Kind.GAUGE, Unit.NONE, "rate", List.of("device", "dir"));
        try (WrittenDatabase database = open()) {
            database.append(NOW, rate.sample(1, "wwan0", "in"), rate.sample(2, "wwan0", "out"));
        }

        assertThat(besideAnAgent("tail", "--metric", "net.*").out())
                .isEqualTo(
                        """
                        2026-06-01 UTC  {device="wwan0"}
                        12:00:00.0               1  net.rate{dir="in"}
                        12:00:00.0               2  net.rate{dir="out"}
                        """);
    }

    @Test
    void printsJson() throws Exception {
        assertThat(besideAnAgent("tail", "--json", "-n", "4").out())
                .isEqualTo(
                        """
                        {"time":"2026-06-01T11:59:45Z","metric":"system.kernel","tags":{},"value":"6.1\\u001B[31m \\"x\\""}
                        {"time":"2026-06-01T11:59:50Z","metric":"cpu.usage_percent","tags":{"core":"0"},"value":0.1}
                        {"time":"2026-06-01T11:59:50Z","metric":"cpu.usage_percent","tags":{"core":"all"},"value":99.0}
                        {"time":"2026-06-01T11:59:50.500Z","metric":"load.1m","tags":{},"value":1.0E17}
                        """);
    }

    @Test
    void readsTheDatabaseOfTheAgentThatAnswers() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.move(folder.resolve("state/metrics.db"), other.resolve("metrics.db"));
        String body =
                """
                {"status":"ok","components":{},"folders":{"config":"%s","state":"%s","deploy":"%s"}}
                """
                        .formatted(folder.resolve("config"), other, folder);
        try (HealthPage up = new HealthPage(200, body)) {
            command.configure("tidewatch.health", Map.of("address", up.address()));

            assertThat(command.run("tail").out()).hasLineCount(7);
        }
    }

    @Test
    void cutsLinesForATerminal() throws Exception {
        command.on(new Terminal(50, false));

        assertThat(besideAnAgent("tail").out().lines())
                .hasSize(7)
                .allMatch(line -> DisplayText.width(line) <= 50)
                .contains("11:59:40.0            12.5  cpu.usage_percent{cor…");
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
                        2026-06-01 UTC
                        11:59:50.5          1.0E17  load.1m
                        12:00:00.0               1  cpu.usage_percent{core="0"}
                        11:59:55.0               2  load.1m
                        11:59:59.0               3  cpu.usage_percent{core="all"}
                        12:00:01.0               4  cpu.usage_percent{core="0"}
                        """);
    }

    @Test
    void followsAClockThatIsSetBack() throws Exception {
        Instant before = NOW.minus(Duration.ofDays(1));
        Deque<Step> steps = new ArrayDeque<>();
        steps.add(database -> now = before);
        steps.add(database -> database.append(before.plusSeconds(10), LOAD.sample(7)));

        assertThat(follow(steps)).endsWith("2026-05-31 UTC\n12:00:10.0               7  load.1m\n");
    }

    @Test
    void followsOnAfterTheDatabaseWasAwayForAWhile() throws Exception {
        Path file = folder.resolve("state/metrics.db");
        Path aside = folder.resolve("state/aside.db");
        Deque<Step> steps = new ArrayDeque<>();
        steps.add(database -> Files.move(file, aside));
        steps.add(database -> {});
        steps.add(database -> {
            Files.move(aside, file);
            database.append(NOW, LOAD.sample(7));
        });

        assertThat(follow(steps))
                .containsOnlyOnce("There is no database")
                .containsOnlyOnce("trying again")
                .endsWith("12:00:00.0               7  load.1m\n");
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

        assertThat(besideAnAgent("tail").out()).hasLineCount(7);
        String file = folder.resolve("state/other.db").toString();
        assertThat(command.run("tail", "-n", "2", "--database", file).out()).hasLineCount(3);
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
