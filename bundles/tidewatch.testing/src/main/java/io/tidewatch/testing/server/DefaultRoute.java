package io.tidewatch.testing.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether the machine that the tests run on has a way to other networks: without one the agent says so first. */
public final class DefaultRoute {
    private DefaultRoute() {}

    /** Looks at proc_net_route(5) and at the IPv6 routes, those of the loopback interface apart. */
    public static boolean exists() throws IOException {
        return lines("/proc/net/route").stream().anyMatch(line -> line.matches("\\S+\\s+0{8}\\s.*"))
                || lines("/proc/net/ipv6_route").stream().anyMatch(line -> line.matches("0{32} 00 .*(?<!\\slo)"));
    }

    private static List<String> lines(String file) throws IOException {
        return Files.exists(Path.of(file)) ? Files.readAllLines(Path.of(file)) : List.of();
    }
}
