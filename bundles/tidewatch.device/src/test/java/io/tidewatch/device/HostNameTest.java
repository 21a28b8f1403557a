package io.tidewatch.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("HOSTNAME", "from-environment");

    private FixtureTree tree;

    @BeforeEach
    void emptyTree(@TempDir Path folder) {
        tree = FixtureTree.empty(folder);
    }

    @Test
    void isWhatTheKernelSays() throws IOException {
        tree.write("proc/sys/kernel/hostname", "pi-7\n");

        assertThat(HostName.read(tree.procFs(), ENVIRONMENT)).isEqualTo(new HostName("pi-7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "(none)\n", "a\u0000b"})
    void isTheEnvironmentsWhereTheKernelHasNone(String text) throws IOException {
        tree.write("proc/sys/kernel/hostname", text);

        assertThat(HostName.read(tree.procFs(), ENVIRONMENT).name()).isEqualTo("from-environment");
    }

    @Test
    void isTheEnvironmentsWhereThereIsNoSuchFile() {
        assertThat(HostName.read(tree.procFs(), ENVIRONMENT).name()).isEqualTo("from-environment");
    }

    @Test
    void isUnknownWhereNobodyKnows() {
        HostName name = HostName.read(tree.procFs(), Map.of());

        assertThat(name.name()).isEqualTo("unknown");
        assertThat(name.isOwn()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost.localdomain",
                "raspberrypi",
                "orangepi",
                "orangepi5plus",
                "OrangePi",
                "rock-5b",
                "ubuntu"
            })
    void aNameOfManyMachinesGivesWayToAnyOther(String name) throws IOException {
        tree.write("proc/sys/kernel/hostname", name + "\n");
        assertThat(HostName.read(tree.procFs(), Map.of())).isEqualTo(new HostName(name));
        assertThat(new HostName(name).isOwn()).isFalse();

        // The unit may hide a name that came later (ProtectHostname of a drop-in), the file of the next boot has it.
        tree.write("root/etc/hostname", "# set by the installer\nencoder-9\n");
        assertThat(HostName.read(tree.procFs(), ENVIRONMENT)).isEqualTo(new HostName("encoder-9"));
        tree.remove("root/etc/hostname");
        assertThat(HostName.read(tree.procFs(), ENVIRONMENT).name()).isEqualTo("from-environment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder-9", "raspberrypi-7", "localhost-2", "pi", "debian-studio"})
    void otherNamesAreTheMachinesOwn(String name) {
        assertThat(new HostName(name).isOwn()).isTrue();
    }
}
