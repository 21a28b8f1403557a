package io.tidewatch.collector.links;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The network interfaces of the machine by their addresses. */
interface Interfaces {
    /**
     * An interface.
     *
     * @param name as in {@code wwan0}
     * @param up whether it is up and has a carrier
     */
    record Interface(String name, boolean up) {}

    /** Those of the network namespace of the agent. */
    Interfaces OF_THIS_MACHINE = Interfaces::ofThisMachine;

    /**
     * Returns them as they are now.
     *
     * @throws IOException if they cannot be listed
     */
    Map<InetAddress, Interface> byAddress() throws IOException;

    private static Map<InetAddress, Interface> ofThisMachine() throws IOException {
        Map<InetAddress, Interface> found = new HashMap<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            List<InetAddress> addresses = each.inetAddresses().toList();
            if (!addresses.isEmpty()) {
                Interface known = new Interface(each.getName(), each.isUp());
                addresses.forEach(address -> found.putIfAbsent(address, known));
            }
        }
        return found;
    }
}
