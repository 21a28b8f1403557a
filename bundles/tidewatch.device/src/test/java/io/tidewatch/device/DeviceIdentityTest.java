package io.tidewatch.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeviceIdentityTest {
    private final List<Device> registered = new ArrayList<>();
    private int registrations;
    private final DeviceIdentity identity = new DeviceIdentity(device -> {
        registered.add(device);
        registrations++;
        return () -> registered.remove(device);
    });

    @Test
    void isTheHostNameUnlessConfigured() {
        identity.configure(null, "");
        assertThat(registered).isEmpty();
        assertThat(identity.health().status()).isEqualTo(Status.ERROR);

        identity.hostName(new HostName("pi-7"));
        assertThat(registered).containsExactly(device("pi-7", Map.of()));
        assertThat(identity.health().status()).isEqualTo(Status.OK);
        assertThat(identity.health().details()).containsEntry("device_id", "pi-7");

        identity.configure("studio-1", "rig=2");
        assertThat(registered).containsExactly(device("studio-1", Map.of("rig", "2")));
    }

    @Test
    void aConfiguredIdNeedsNoHostName() {
        identity.configure("studio-1", "");

        assertThat(registered).containsExactly(device("studio-1", Map.of()));
        assertThat(identity.health().status()).isEqualTo(Status.OK);
    }

    @Test
    void registersAnotherOnlyWhenAValueChanges() {
        identity.configure("studio-1", "a=1,b=2");
        identity.configure("studio-1", "b=2, a=1");
        identity.hostName(new HostName("pi-7"));

        assertThat(registrations).isEqualTo(1);
    }

    @Test
    void aWrongValueKeepsTheLastGoodOnes() {
        identity.configure("studio-1", "rig=2");
        identity.configure("studio-2", "rig=");

        assertThat(registered).containsExactly(device("studio-1", Map.of("rig", "2")));
        assertThat(identity.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(identity.health().message())
                .contains("tidewatch.device.cfg", "labels=rig=", "accepted:", "last good");

        identity.configure("studio-2", "rig=3");
        assertThat(registered).containsExactly(device("studio-2", Map.of("rig", "3")));
        assertThat(identity.health().status()).isEqualTo(Status.OK);
    }

    @Test
    void aWrongValueAtFirstLeavesTheDefaultOfItsKey() {
        identity.configure(" ", "rig=2");
        identity.hostName(new HostName("pi-7"));

        assertThat(registered).containsExactly(device("pi-7", Map.of("rig", "2")));
        assertThat(identity.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(identity.health().message()).contains("id= ", "defaults");
    }

    @Test
    void aMachineWithoutANameIsShown() {
        identity.configure(null, "");
        identity.hostName(new HostName(HostName.UNKNOWN));

        assertThat(registered).containsExactly(device("unknown", Map.of()));
        assertThat(identity.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(identity.health().message()).contains("set id in tidewatch.device.cfg");
    }

    @Test
    void closingTakesItBackOnce() {
        identity.configure("studio-1", "");
        identity.close();
        identity.close();

        assertThat(registered).isEmpty();
    }

    private static Device device(String id, Map<String, String> labels) {
        return new ConfiguredDevice(id, new TreeMap<>(labels));
    }
}
