package io.tidewatch.device;

import io.tidewatch.api.config.Labels;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The machine's host name, as the kernel knows it (proc_sys_kernel(5), {@code hostname}), or as it will at the next boot
 * (hostname(5), {@code /etc/hostname}). Never asks DNS: a device without a network has a name too.
 *
 * @param name the name; {@value #UNKNOWN} if there is none
 */
record HostName(String name) {
    static final String UNKNOWN = "unknown";

    /** What the kernel has before a name is set. */
    private static final String UNSET = "(none)";

    /** Names that come with an image, or before the network does, and that any number of machines have. */
    private static final Pattern OF_MANY = Pattern.compile(UNKNOWN
            + "|localhost[46]?(\\.local(domain[46]?)?)?|raspberrypi|(orange|banana|nano)pi.*|rock-?(5|pi).*|radxa.*"
            + "|odroid.*|armbian|debian|ubuntu|linux|belabox");

    /**
     * The first name that distinguishes this machine from others, of the kernel's, that of the next boot and that of the
     * environment; else the first of them; else {@value #UNKNOWN}.
     */
    static HostName read(ProcFs procFs, Map<String, String> environment) {
        List<HostName> names = Stream.of(
                        read(procFs.proc("sys/kernel/hostname")),
                        read(procFs.mounted("/etc/hostname")),
                        environment.getOrDefault("HOSTNAME", ""))
                .map(String::strip)
                .filter(name -> Labels.isValue(name) && !name.equals(UNSET))
                .map(HostName::new)
                .toList();
        return names.stream()
                .filter(HostName::isOwn)
                .findFirst()
                .orElseGet(() -> names.isEmpty() ? new HostName(UNKNOWN) : names.get(0));
    }

    /** Whether it distinguishes this machine from others. */
    boolean isOwn() {
        return !OF_MANY.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** The first line that is no comment; empty if there is none, or no such file, as in some containers. */
    private static String read(Path file) {
        try {
            // ISO 8859-1 reads any bytes: the kernel checks none.
            return Files.readString(file, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
