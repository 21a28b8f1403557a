package io.tidewatch.config;

import io.tidewatch.api.config.WatchedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Recognises a machine that the profile {@value #PROFILE} is made for, by software of bonding encoders: belaUI, CeraUI and
 * srtla_send by their folders, units, programs and processes; ModemManager, which many systems have without a use for it, by its
 * program beside a modem that the kernel has a driver for.
 *
 * <p>Costs some two dozen {@code stat} calls and, where these find nothing, one read per visible process. Under the shipped unit
 * the processes of other users are invisible ({@code ProtectProc=invisible}).
 *
 * @param root root of the machine's file system
 */
public record EncoderSoftware(Path root) {
    public static final String PROFILE = "belabox";

    private static final List<String> UNIT_FOLDERS =
            List.of("etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system");
    private static final List<String> PROGRAM_FOLDERS = List.of("usr/bin", "usr/local/bin", "opt/belabox/bin");

    /** Returns the one at {@code /}, or where the property {@code tidewatch.root} says: for an agent in a container. */
    public static EncoderSoftware here() {
        return new EncoderSoftware(Path.of(System.getProperty("tidewatch.root", "/")));
    }

    /**
     * Returns the name of the software that is here; empty if there is none. What cannot be read counts as absent. May read
     * /proc, so not for every second.
     */
    public Optional<String> find() {
        return installed().or(this::running);
    }

    private Optional<String> installed() {
        if (has("opt/belaUI") || hasUnit("belaUI") || hasUnit("belaui")) {
            return Optional.of("belaUI");
        }
        if (has("opt/ceraui") || hasUnit("ceralive") || hasUnit("ceraui")) {
            return Optional.of("CeraUI");
        }
        if (has("tmp/srtla_ips") || PROGRAM_FOLDERS.stream().anyMatch(folder -> has(folder + "/srtla_send"))) {
            return Optional.of("srtla_send");
        }
        boolean manager = has("usr/sbin/ModemManager") || has("usr/bin/mmcli");
        return manager && hasModem() ? Optional.of("ModemManager with a modem") : Optional.empty();
    }

    /** By the names of processes: what was started by hand, from any folder. */
    private Optional<String> running() {
        Set<String> names = new HashSet<>();
        list("proc", "[0-9]*").forEach(process -> names.add(command(process)));
        return Stream.of("srtla_send", "belacoder", "ceracoder", "cerastream")
                .filter(names::contains)
                .findFirst();
    }

    private static String command(Path process) {
        try {
            return Files.readString(process.resolve("comm"), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException e) {
            // It has ended since.
            return "";
        }
    }

    private boolean hasModem() {
        // Network interfaces, and the control ports of QMI and MBIM: printers and UPSs are of the same class.
        return !list("sys/class/net", "{wwan,wwp}*").isEmpty()
                || !list("sys/class/usbmisc", "cdc-wdm*").isEmpty()
                || !list("sys/class/wwan", "*").isEmpty();
    }

    private Set<Path> list(String folder, String pattern) {
        try {
            return new WatchedFolder(root.resolve(folder)).list(pattern);
        } catch (IOException e) {
            return Set.of();
        }
    }

    private boolean hasUnit(String unit) {
        return UNIT_FOLDERS.stream().anyMatch(folder -> has(folder + "/" + unit + ".service"));
    }

    private boolean has(String path) {
        return Files.exists(root.resolve(path));
    }
}
