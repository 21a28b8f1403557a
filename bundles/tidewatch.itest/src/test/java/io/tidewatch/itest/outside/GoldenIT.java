package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.process.StubProgram;
import io.tidewatch.testing.server.PageServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shipped agent on whole machines ({@code bundles/tidewatch.testing/machines}): everything it delivers, and what
 * health says of the collectors, against {@code src/test/resources/golden}.
 */
@Order(2)
class GoldenIT {
    @TempDir
    Path changed;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orangepi5plus-vendor",
                "orangepi5plus-mainline",
                "x86-server",
                "raspberrypi",
                "container",
                "damaged"
            })
    void reportsWhatTheMachineHas(String machine) throws Exception {
        try (MachineRun run = new MachineRun(machine)) {
            FixtureTree tree = unpack(machine, run);

            new GoldenFile(machine).holds(run.observe(() -> tree.next(machine)));
        }
    }

    @Test
    void reportsTheModemsOfAStreamerWithTheBelaboxProfile() throws Exception {
        String machine = "orangepi5plus-vendor";
        try (MachineRun run = new MachineRun("belabox").withProfile("belabox")) {
            FixtureTree tree = unpack(machine, run);
            Path mmcli = StubProgram.MMCLI.install(run.tree().resolve("mmcli"));
            run.with("modem", "command", mmcli.toString());
            Path v4l2Ctl = StubProgram.V4L2_CTL.install(run.tree().resolve("v4l2"));
            run.with("hdmi", "command", v4l2Ctl.toString())
                    .with("hdmi", "device", v4l2Ctl.resolveSibling("video0").toString());
            Path socket = changed.resolve("srtla.sock");
            run.with("links", "stats.file", run.tree().resolve("tmp/none.json").toString())
                    .with("links", "control.socket", socket.toString())
                    .with(
                            "links",
                            "ips.file",
                            run.tree().resolve("tmp/srtla_ips").toString());
            String stats = Files.readString(run.tree().resolve("srtla/get_stats.json"));

            PageServer sender = new PageServer(PageServer.raw(stats), socket, "\n");
            try {
                new GoldenFile("belabox").holds(run.observe(() -> {
                    tree.next(machine);
                    sender.close();
                }));
            } finally {
                sender.close();
            }
        }
    }

    /** Of a thousand interfaces the first 32 are reported; when four of them go, the next four follow. */
    @Test
    void reportsAsManyOfAThousandInterfacesAsItMay() throws Exception {
        try (MachineRun run = new MachineRun("thousand-interfaces")) {
            FixtureTree tree = FixtureTree.empty(run.tree());
            tree.write("proc/net/dev", interfaces(0, 1_000));

            List<String> report = run.observe(() -> tree.write("proc/net/dev", interfaces(4, 2_000)));

            new GoldenFile("thousand-interfaces").holds(report);
            assertThat(Pattern.compile("968 network interfaces are not reported")
                            .matcher(run.output())
                            .results())
                    .as("times that the log says so")
                    .hasSize(1);
        }
    }

    private FixtureTree unpack(String machine, MachineRun run) throws IOException {
        FixtureTree.machine(machine, changed).next(machine);
        run.makeMountPoints(changed);
        FixtureTree tree = FixtureTree.machine(machine, run.tree());
        run.makeMountPoints(run.tree());
        return tree;
    }

    /** Interfaces from {@code eth000} on, each with other counters. */
    private static String interfaces(int first, long traffic) {
        return """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls\
                 carrier compressed
                """
                + IntStream.range(first, 1000)
                        .mapToObj(i -> "eth%03d: %d %d %d %d 0 0 0 0 %d %d %d %d 0 0 0 0%n"
                                .formatted(
                                        i,
                                        traffic * 1000 + i,
                                        traffic + i,
                                        i,
                                        i + 1,
                                        traffic * 2000 + i,
                                        traffic * 2 + i,
                                        i + 2,
                                        i + 3))
                        .collect(Collectors.joining());
    }
}
