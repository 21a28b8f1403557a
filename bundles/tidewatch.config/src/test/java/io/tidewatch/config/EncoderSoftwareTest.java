package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncoderSoftwareTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({
        "opt/belaUI/belaUI.js, belaUI",
        "etc/systemd/system/belaUI.service, belaUI",
        "usr/lib/systemd/system/belaui.service, belaUI",
        "opt/ceraui/x, CeraUI",
        "etc/systemd/system/ceralive.service, CeraUI",
        "lib/systemd/system/ceraui.service, CeraUI",
        "tmp/srtla_ips, srtla_send",
        "usr/bin/srtla_send, srtla_send",
        "usr/local/bin/srtla_send, srtla_send"
    })
    void isSeenByItsFiles(String file, String software) throws IOException {
        write(file, "");
        assertThat(new EncoderSoftware(root).find()).contains(software);
    }

    @ParameterizedTest
    @CsvSource({"srtla_send", "belacoder", "ceracoder", "cerastream"})
    void isSeenByItsProcess(String name) throws IOException {
        write("proc/1/comm", "systemd\n");
        Files.createDirectories(root.resolve("proc/77"));
        write("proc/4242/comm", name + "\n");
        write("proc/self/comm", "java\n");
        assertThat(new EncoderSoftware(root).find()).contains(name);
    }

    @ParameterizedTest
    @CsvSource({
        "sys/class/net/wwan0/address",
        "sys/class/net/wwp0s20u4i4/address",
        "sys/class/usbmisc/cdc-wdm0/dev",
        "sys/class/wwan/wwan0/dev"
    })
    void modemManagerIsSeenBesideAModem(String modem) throws IOException {
        write("usr/bin/mmcli", "");
        write("sys/class/net/eth0/address", "");
        assertThat(new EncoderSoftware(root).find()).isEmpty();
        write(modem, "");
        assertThat(new EncoderSoftware(root).find()).contains("ModemManager with a modem");
        Files.delete(root.resolve("usr/bin/mmcli"));
        assertThat(new EncoderSoftware(root).find()).isEmpty();
        write("usr/sbin/ModemManager", "");
        assertThat(new EncoderSoftware(root).find()).contains("ModemManager with a modem");
    }

    /** The kernel's class usbmisc has every USB device without a class of its own. */
    @ParameterizedTest
    @CsvSource({"sys/class/usbmisc/hiddev0/dev", "sys/class/usbmisc/lp0/dev"})
    void aPrinterOrUpsIsNoModem(String device) throws IOException {
        write("usr/bin/mmcli", "");
        write(device, "");
        assertThat(new EncoderSoftware(root).find()).isEmpty();
        write("sys/class/usbmisc/cdc-wdm0/dev", "");
        assertThat(new EncoderSoftware(root).find()).contains("ModemManager with a modem");
    }

    @Test
    void isAbsentElsewhere() throws IOException {
        assertThat(new EncoderSoftware(root).find()).isEmpty();
        write("proc/1/comm", "systemd\n");
        write("proc/2/comm", "");
        write("opt/other/x", "");
        assertThat(new EncoderSoftware(root).find()).isEmpty();
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
