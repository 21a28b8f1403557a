package io.tidewatch.collector.filesystem;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is mounted where. Of several file systems on one mount point only the last is seen, as its files are.
 *
 * <p>Source: fstab(5), which {@code /proc/<pid>/mounts} follows: {@code device mountpoint fstype options freq passno}.
 * Blanks, line ends and backslashes within a field are written as {@code \040}, an octal number of three digits.
 */
final class MountTable {
    /** What the kernel writes for a device without a name. */
    private static final String NO_DEVICE = "none";

    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-3][0-7]{2})");

    private MountTable() {}

    /**
     * Returns what is mounted, by mount point.
     *
     * @param diagnostics gets the lines that have no mount point, type or options
     */
    static Map<String, Mount> parse(Fields fields, Diagnostics diagnostics) {
        Map<String, Mount> byMountPoint = new LinkedHashMap<>();
        while (fields.nextLine()) {
            try {
                Mount mount = parseLine(fields);
                byMountPoint.put(mount.mountPoint(), mount);
            } catch (ProcFormatException e) {
                diagnostics.damaged("line " + fields.lineNumber() + " of the mounts", e);
            }
        }
        return byMountPoint;
    }

    private static Mount parseLine(Fields fields) throws ProcFormatException {
        String device = fields.word();
        String mountPoint = fields.word();
        if (device.startsWith("/") && !mountPoint.startsWith("/")) {
            // Mounted with an empty name: the line begins with a blank and the mount point.
            return mount(device, NO_DEVICE, mountPoint, fields.word());
        }
        if (!mountPoint.startsWith("/")) {
            throw fields.rejected("a mount point");
        }
        return mount(mountPoint, device, fields.word(), fields.word());
    }

    private static Mount mount(String mountPoint, String device, String fstype, String optionList) {
        List<String> options = List.of(optionList.split(",", -1));
        boolean readOnly = options.contains("ro") || options.contains("emergency_ro");
        return new Mount(unescaped(mountPoint), unescaped(device), unescaped(fstype), readOnly);
    }

    /** A backslash that begins no octal number of a byte stands for itself. */
    private static String unescaped(String field) {
        String bytes = new String(field.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String plain = ESCAPED.matcher(bytes)
                .replaceAll(
                        escape -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(escape.group(1), 8))));
        return new String(plain.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
