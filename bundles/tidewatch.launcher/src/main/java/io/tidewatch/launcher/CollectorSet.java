package io.tidewatch.launcher;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Which of the collectors that an installation may hold are run. */
enum CollectorSet {
    /** Those that read /proc and /sys. */
    LINUX,
    /** Those that ask the system by way of a library, for systems without /proc: fewer, and heavier. */
    PORTABLE;

    static final String VARIABLE = "TIDEWATCH_COLLECTORS";

    /**
     * What the environment says, else what fits the system.
     *
     * @param environment an empty value counts as not set
     * @param system as in the system property {@code os.name}
     * @throws LaunchException with {@link ExitCode#BAD_START_CONFIGURATION} if the environment names none
     */
    static CollectorSet choose(Map<String, String> environment, String system) throws LaunchException {
        String wanted = environment.getOrDefault(VARIABLE, "").strip();
        if (wanted.isEmpty()) {
            return system.equals("Linux") ? LINUX : PORTABLE;
        }
        return Arrays.stream(values())
                .filter(set -> set.label().equalsIgnoreCase(wanted))
                .findFirst()
                .orElseThrow(() -> LaunchException.badStart(VARIABLE + " is '" + wanted
                        + "', which is no set of collectors. Set it to one of these: "
                        + Arrays.stream(values()).map(CollectorSet::label).collect(Collectors.joining(", "))
                        + "; or unset it, and the system decides."));
    }

    /** Its name in the environment and in the names of folders. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
