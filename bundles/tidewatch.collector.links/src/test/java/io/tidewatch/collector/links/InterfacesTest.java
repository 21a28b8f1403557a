package io.tidewatch.collector.links;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.collector.links.Interfaces.Interface;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Interfaces that come and go. */
class InterfacesTest {
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

    /** The kernel knows it no more when it is asked for its state. */
    @Test
    void oneThatVanishesMeanwhileCostsItself() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByName("lo");
        int[] asked = {0};
        Map<InetAddress, Interface> found = Interfaces.byAddress(Stream.of(loopback, loopback), each -> {
            if (asked[0]++ == 0) {
                throw new SocketException("getFlags() failed: No such device");
            }
            return true;
        });
        assertThat(found).containsEntry(LOCAL, new Interface("lo", true));
    }
}
