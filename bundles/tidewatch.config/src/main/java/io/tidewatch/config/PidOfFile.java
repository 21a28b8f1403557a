package io.tidewatch.config;

import org.jspecify.annotations.Nullable;

/**
 * What a file configures, by its name: {@code <pid>.cfg}, or {@code <pid>-<instance>.cfg} for one of several.
 *
 * @param pid the PID, or that of the factory
 * @param instance name of the instance; null: there is one only
 */
record PidOfFile(String pid, @Nullable String instance) {
    static final String ENDING = ".cfg";

    /** Reads the name of a file that ends in {@value #ENDING}. */
    static PidOfFile parse(String fileName) {
        String name = fileName.substring(0, fileName.length() - ENDING.length());
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '-' || name.charAt(i) == '~') {
                return new PidOfFile(name.substring(0, i), name.substring(i + 1));
            }
        }
        return new PidOfFile(name, null);
    }
}
