package io.tidewatch.collector.disk;

import io.tidewatch.api.collector.Diagnostics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The devices of one pass that are read from and not reported, other than the partitions of others. */
final class OtherDevices {
    private static final Pattern PARTITION = Pattern.compile("p?[0-9]+");

    private final Set<String> used = new TreeSet<>();
    private final List<String> reported = new ArrayList<>();

    void reported(String device) {
        reported.add(device);
    }

    void used(String device) {
        used.add(device);
    }

    void noteIn(Diagnostics diagnostics) {
        diagnostics.noteNames(
                "allowed.devices",
                "not reported by allowed.devices",
                used.stream()
                        .filter(device -> !isPartOf(reported, device) && !isPartOf(used, device))
                        .toList());
    }

    private static boolean isPartOf(Collection<String> devices, String device) {
        return devices.stream()
                .anyMatch(whole -> device.length() > whole.length()
                        && device.startsWith(whole)
                        && PARTITION.matcher(device.substring(whole.length())).matches());
    }
}
