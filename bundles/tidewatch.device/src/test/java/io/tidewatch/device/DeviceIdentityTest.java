package io.tidewatch.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                .contains("tidewatch.device.cfg", "invalid labels \"rig=\"", "expected", "last good");

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
        assertThat(identity.health().message()).contains("invalid id \" \"", "defaults");
    }

    @Test
    void aMachineWithoutANameIsShown() {
        identity.configure(null, "");
        identity.hostName(new HostName(HostName.UNKNOWN));

        assertThat(registered).containsExactly(device("unknown", Map.of()));
        assertThat(identity.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(identity.health().message()).contains("set id in tidewatch.device.cfg");
    }

    /** Case C05 and C06: the image's name at first, the machine's own later. */
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost.localdomain", "raspberrypi", "orangepi"})
    void aNameOfManyMachinesIsShownUntilThereIsAnother(String name) {
        identity.configure(null, "");
        identity.hostName(new HostName(name));
        assertThat(registered).containsExactly(device(name, Map.of()));
        assertThat(identity.waitsForName()).isTrue();
        assertThat(identity.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(identity.health().message())
                .contains("the device id is '" + name + "'", "set id in tidewatch.device.cfg", "hostnamectl");

        identity.hostName(new HostName("encoder-9"));
        assertThat(registered).containsExactly(device("encoder-9", Map.of()));
        assertThat(identity.waitsForName()).isFalse();
        assertThat(identity.health().status()).isEqualTo(Status.OK);
    }

    @Test
    void anIdThatIsConfiguredMayBeAnyName() {
        identity.configure("raspberrypi", "");

        assertThat(identity.waitsForName()).isFalse();
        assertThat(identity.health().status()).isEqualTo(Status.OK);
    }

    @Test
    void theWatchEndsWhenTheNameIsFoundAndBeginsAgain() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        try (NameWatch watch = new NameWatch(Duration.ofMillis(1), () -> looks.incrementAndGet() % 3 != 0)) {
            watch.need();
            Awaitility.await().until(() -> looks.get() == 3 && threads() == 0);
            watch.need();
            Awaitility.await().until(() -> looks.get() == 6 && threads() == 0);
        }
        NameWatch closed = new NameWatch(Duration.ofHours(1), () -> true);
        closed.need();
        closed.close();
        closed.need();
        assertThat(threads()).isZero();
    }

    @Test
    void theWatchGoesOnAfterALookThatFailed() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        try (NameWatch watch = new NameWatch(Duration.ofMillis(1), () -> {
            switch (looks.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("no such file");
                case 2 -> throw new OutOfMemoryError("Java heap space");
                default -> {
                    return false;
                }
            }
        })) {
            watch.need();
            Awaitility.await().until(() -> looks.get() == 3 && threads() == 0);
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("tidewatch-device"))
                .count();
    }

    @Test
    void closingTakesItBackOnce() {
        identity.configure("studio-1", "");
        identity.close();
        identity.close();

        assertThat(registered).isEmpty();
    }

    private static Device device(String id, Map<String, String> labels) {
        return new DeviceIdentity.ConfiguredDevice(id, new TreeMap<>(labels));
    }
}
