package io.tidewatch.collector.links;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The network interfaces of the machine by their addresses. */
interface Interfaces {
    /** @param up whether it is up and has a carrier */
    record Interface(String name, boolean up) {}

    /** Those of the network namespace of the agent. */
    Interfaces OF_THIS_MACHINE = () -> byAddress(NetworkInterface.networkInterfaces(), NetworkInterface::isUp);

    Map<InetAddress, Interface> byAddress() throws IOException;

    interface StateReader {
        boolean isUp(NetworkInterface each) throws SocketException;
    }

    /** Returns interfaces by their addresses, but those that vanish meanwhile, as a modem does. */
    static Map<InetAddress, Interface> byAddress(Stream<NetworkInterface> all, StateReader state) {
        Map<InetAddress, Interface> found = new HashMap<>();
        for (NetworkInterface each : all.toList()) {
            List<InetAddress> addresses = each.inetAddresses().toList();
            if (addresses.isEmpty()) {
                continue;
            }
            try {
                Interface known = new Interface(each.getName(), state.isUp(each));
                addresses.forEach(address -> found.putIfAbsent(address, known));
            } catch (SocketException e) {
                // The kernel knows no such device any more.
            }
        }
        return found;
    }
}
