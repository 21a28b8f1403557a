package io.tidewatch.collector.links;

import static io.tidewatch.collector.links.Encoder.damage;
import static io.tidewatch.collector.links.Encoder.notes;
import static io.tidewatch.collector.links.Encoder.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.testing.config.OddFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sender in C, of which there is only the list of addresses. */
class IpsFileTest {
    private static final Map<String, Double> WHOLE = Map.of(
            "link.up[wwan0, ips_file]", 1.0,
            "link.interface_tx_bytes_total[wwan0, ips_file]", 91_234_567.0,
            "link.up[wwan1, ips_file]", 1.0,
            "link.interface_tx_bytes_total[wwan1, ips_file]", 1_234_567.0,
            "link.up[192.168.8.100, ips_file]", 0.0,
            "link.active[ips_file]", 2.0);

    @TempDir
    Path folder;

    private Encoder encoder;
    private LinksCollector collector;

    @BeforeEach
    void start() throws Exception {
        encoder = new Encoder(folder).withLinks();
        collector = encoder.collector();
    }

    @Test
    void reportsWhichInterfacesAreUpAndWhatTheySentAndSaysThatThisIsAll() throws Exception {
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(damage(collector)).isEmpty();
        assertThat(notes(collector)).singleElement().asString().startsWith("the sender has no statistics: ");
    }

    @Test
    void aModemThatGoesDownOrAwayIsDown() throws Exception {
        encoder.plug("10.0.0.2", "wwan0", false);
        encoder.unplug("10.64.1.2");
        assertThat(values(collector.collect()))
                .isEqualTo(Map.of(
                        "link.up[wwan0, ips_file]", 0.0,
                        "link.interface_tx_bytes_total[wwan0, ips_file]", 91_234_567.0,
                        "link.up[10.64.1.2, ips_file]", 0.0,
                        "link.up[192.168.8.100, ips_file]", 0.0,
                        "link.active[ips_file]", 0.0));
        encoder.plug("10.0.0.2", "wwan0", true);
        encoder.plug("10.64.1.2", "wwan1", true);
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }

    @Test
    void withoutAListOfInterfacesNoLinkIsKnownToBeDown() throws Exception {
        encoder.makeListable(false);
        assertThat(collector.collect()).isEmpty();
        assertThat(damage(collector)).containsExactly("the network interfaces cannot be listed: too many open files");
        encoder.makeListable(true);
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(damage(collector)).isEmpty();
    }

    @Test
    void aCounterThatCannotBeReadCostsItself() throws Exception {
        String file = "sys/class/net/wwan0/statistics/tx_bytes";
        for (String text : new String[] {"", "?#garbage\n", "18446744073709346016\n", "-1\n"}) {
            encoder.tree().write(file, text);
            assertThat(values(collector.collect()))
                    .as(text)
                    .hasSize(WHOLE.size() - 1)
                    .doesNotContainKey("link.interface_tx_bytes_total[wwan0, ips_file]");
            assertThat(damage(collector)).as(text).singleElement().asString().contains("tx_bytes");
        }
        encoder.tree().makeUnreadable(file);
        assertThat(values(collector.collect())).hasSize(WHOLE.size() - 1);
        assertThat(damage(collector)).singleElement().asString().contains("tx_bytes of wwan0 cannot be read");
        encoder.tree().remove(file);
        assertThat(values(collector.collect())).hasSize(WHOLE.size() - 1);
        assertThat(damage(collector)).isEmpty();
        encoder.tree().write(file, "91234567\n");
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }

    @Test
    void addressesOfOneInterfaceStayApart() throws Exception {
        encoder.plug("10.0.0.3", "wwan0", true);
        encoder.write("srtla_ips", "10.0.0.2\r\n\r\n 10.0.0.3 \n10.64.1.2\n10.64.1.2\nfd00::1");
        assertThat(values(collector.collect()))
                .containsEntry("link.up[wwan0, ips_file]", 1.0)
                .containsEntry("link.up[wwan0-2, ips_file]", 1.0)
                .containsEntry("link.up[wwan1, ips_file]", 1.0)
                .containsEntry("link.up[fd00:0:0:0:0:0:0:1, ips_file]", 0.0)
                .doesNotContainKey("link.up[wwan1-2, ips_file]")
                .containsEntry("link.active[ips_file]", 3.0);
        assertThat(damage(collector)).isEmpty();
    }

    @Test
    void aLineThatIsNoAddressIsNamedOnceAndCostsItself() throws Exception {
        encoder.write("srtla_ips", "10.0.0.2\n256.1.1.1\nexample.com\n\u0001\n10.64.1.2\n192.168.8.100\n");
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .contains("line 2: expected an address, found '256.1.1.1'");
        encoder.withLinks();
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(damage(collector)).isEmpty();
    }

    @Test
    void anEmptyListHasNoActiveLink() throws Exception {
        encoder.write("srtla_ips", "");
        assertThat(values(collector.collect())).isEqualTo(Map.of("link.active[ips_file]", 0.0));
    }

    @Test
    void aListOfVeryManyAddressesIsBounded() throws Exception {
        StringBuilder many = new StringBuilder();
        for (int line = 0; line < 100; line++) {
            many.append("10.1.1." + line + "\n");
        }
        encoder.write("srtla_ips", many.toString());
        assertThat(values(collector.collect())).hasSize(65);
        assertThat(collector.diagnostics()).anySatisfy(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.LIMITED);
            assertThat(diagnostic.message()).contains("more than 64 addresses");
        });
        encoder.write("srtla_ips", "1".repeat(20_000));
        assertThat(collector.collect()).isEmpty();
        assertThat(damage(collector)).singleElement().asString().contains("it is longer than 16384 bytes");
        encoder.withLinks();
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }

    /** A link to nothing counts as no list. */
    @ParameterizedTest
    @EnumSource(value = OddFile.class, names = "LINK_TO_NOTHING", mode = EnumSource.Mode.EXCLUDE)
    void somethingElseInPlaceOfTheListIsNamed(OddFile odd) throws Exception {
        Path list = encoder.path("srtla_ips");
        Files.delete(list);
        odd.make(list);
        assertThat(collector.collect()).isEmpty();
        assertThat(damage(collector)).singleElement().asString().endsWith("srtla_ips cannot be read: " + odd.reason());
        Files.delete(list);
        encoder.withLinks();
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }
}
