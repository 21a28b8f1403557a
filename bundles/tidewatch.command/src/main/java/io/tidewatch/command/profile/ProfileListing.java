package io.tidewatch.command.profile;

import io.tidewatch.command.console.DisplayText;
import io.tidewatch.config.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a profile sets in a configuration folder, file by file; {@code +} marks what comes from the profile. */
record ProfileListing(Profile profile, Path folder) {
    private static final Path UNITS = Path.of("/etc/systemd/system");
    private static final Path DROP_INS = UNITS.resolve("tidewatch.service.d");

    List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        String file = "";
        for (Profile.Setting setting : profile.settings(folder)) {
            if (!setting.file().equals(file)) {
                file = setting.file();
                lines.add(file);
            }
            lines.add(line(setting));
        }
        for (String unused : profile.unused(folder)) {
            lines.add(unused);
            lines.add("    not used, beside your files of instances");
        }
        List<Path> missing = profile.unitFiles().stream()
                .filter(unit -> Files.notExists(UNITS.resolve(unit.getFileName()))
                        && Files.notExists(DROP_INS.resolve(unit.getFileName())))
                .toList();
        if (!missing.isEmpty()) {
            lines.add("");
            lines.add(
                    "Parts of it need more of systemd; the head of each file has its purpose and how it is installed:");
            missing.forEach(unit -> lines.add("    " + unit));
        }
        return lines;
    }

    private static String line(Profile.Setting setting) {
        String own = setting.own();
        if (setting.key().isEmpty()) {
            return "  + starts it, with its defaults";
        }
        if (own == null) {
            return "  + " + pair(setting.key(), setting.value());
        }
        return "    " + pair(setting.key(), own) + "  (yours"
                + (own.equals(setting.value()) ? ")" : "; the profile has " + DisplayText.plain(setting.value()) + ")");
    }

    private static String pair(String key, String value) {
        return DisplayText.plain(key + " = " + value);
    }
}
