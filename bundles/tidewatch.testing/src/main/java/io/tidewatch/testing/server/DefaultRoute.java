package io.tidewatch.testing.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The default route of the machine that the tests run on. Without one the agent reports that before a fault of the server. */
public final class DefaultRoute {
    private DefaultRoute() {}

    /** Returns whether there is one, of IPv4 or of IPv6 and not on the loopback interface. */
    public static boolean exists() throws IOException {
        return lines("/proc/net/route").stream().anyMatch(line -> line.matches("\\S+\\s+0{8}\\s.*"))
                || lines("/proc/net/ipv6_route").stream().anyMatch(line -> line.matches("0{32} 00 .*(?<!\\slo)"));
    }

    private static List<String> lines(String file) throws IOException {
        return Files.exists(Path.of(file)) ? Files.readAllLines(Path.of(file)) : List.of();
    }
}
