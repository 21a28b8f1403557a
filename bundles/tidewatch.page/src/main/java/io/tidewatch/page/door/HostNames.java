package io.tidewatch.page.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names that this device may be asked by. A page of the Internet can have its own name resolved to 127.0.0.1 and so ask
 * the device through a browser on it (DNS rebinding); it cannot choose the name in the request.
 */
record HostNames(Path hostName) {
    /** IPv4, or IPv6 in brackets: no name, so none that was resolved. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]+(%[^]]*)?]");

    HostNames() {
        this(Path.of("/proc/sys/kernel/hostname"));
    }

    /** Whether the device has the name of a {@code Host} header, with or without a port, or one of more. */
    boolean accept(String header, Set<String> more) {
        String host = header.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        if (ADDRESS.matcher(host).matches() || host.equals("localhost") || more.contains(host)) {
            return true;
        }
        String own = ownName();
        return !own.isEmpty() && (host.equals(own) || host.equals(own + ".local"));
    }

    /** Read each time: it may be set while the agent runs. */
    private String ownName() {
        try {
            return Files.readString(hostName).strip().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            return "";
        }
    }
}
